"""The English of seats as others write it: a grammar over kinds of words, and the lexicon that sorts words into kinds.

What carries meaning is declared and stays in the tree; every other word is needed for a sentence to be covered, and
leaves nothing. Single and plural verbs are kept apart, since "A sits next to B and C sits ..." depends on them.
"""

from stumper.puzzles._seating_forms import NUMBERS, ORDINALS
from stumper.puzzles._seating_language import Direction

GRAMMAR = r"""
start: _leads _where clauses
     | _leads _conditions query
     | _leads query _condition
     | untrue
     | conditional

_leads: | _lead | _lead _lead
_lead: _info_lead _comma
     | ("ADDITIONALLY" | "THEN") _comma
     | "IN" ("THIS" | "THE") _seating "ARRANGEMENT" _comma
     | _follows "COLON"
_info_lead: ("GIVEN" | "UNDER" | "FROM" | "WITH" | ("BASED" | "DEPENDING") "ON") _info
_follows: "THE" "FOLLOWING" ("INFO" | "STATEMENT") ("APPLY" | "ARE" "GIVEN")
_info: _these ("INFO" | "STATEMENT" | _seating "ARRANGEMENT")
_these: | ("THESE" | "THE" | "THIS" | "ALL" _the | "GIVEN" | "ABOVE")
     | ("THE" | "ALL" "THE") ("GIVEN" | "ABOVE" | "FOLLOWING")
_conditions: | condition _then | condition _then condition _then
condition: ("IF" | ("GIVEN" | "SUPPOSE" | "ASSUMING") _that) clauses
_condition: _comma condition
_then: "COMMA" | "COMMA" "THEN" | "THEN"
_where: | "WHERE"
untrue: "IT" "IS" "NOT" "TRUE" "THAT" NAME _yes pred
conditional: "IF" clause _then clause

_comma: | "COMMA"
_that: | "THAT"
_the: | "THE"
_seating: | "SEATING"
_exactly: | "EXACTLY"
_extreme: | "EXTREME"
_prs: | "PERSON"
_immediate: | "IMMEDIATE"
_and: "AND" | "COMMA" "AND"
_person: "PERSON" | "ONE"

_commas: _comma | "COMMA" NAME _commas
_facing: "FACE" | "FACES" | "FACING" | ("IS" | "ARE") "FACING"
_faced: | _facing
_of_them: | "PERSON" | "OF" "THEM"
_either: | "EITHER"
_seated: | "SEATED"
direction: _towards ("THE" | "THEIR") "CENTRE" _of_row           -> centre
         | "AWAY" "FROM" ("THE" | "THEIR") "CENTRE"             -> outwards
         | _towards _the DIRECTION                              -> named
_towards: | "TOWARDS"

clauses: clause (_join (clause | gapped))* _absolute
gapped: NAME pred
_absolute: | _comma "WITH" bare | _comma "WITH" bare _and bare
_join: "COMMA" | _comma ("AND" | "BUT" | "WHILE") _besides
_besides: | "ALSO" | "ADDITIONALLY" _comma

?clause: one said (_more said)*                                 -> claimed
      | many saids (_more saids)*                               -> claimed
      | _either NAME "OR" NAME _yes pred                        -> either_claimed
      | _either NAME "OR" NAME _comma "BUT" "NOT" "BOTH" _comma _yes pred  -> one_claimed
      | _exactly "ONE" "OF" NAME _and_or NAME _yes pred         -> one_claimed
      | NAME "IS" "THE" ORDINAL "PERSON"                        -> last_person
      | "THE" ORDINAL "PERSON" "IS" NAME                        -> last_person
      | NAME "IS" "THE" ORDINAL                                 -> last_on_circle
      | _least ("TO" | "ON") "THE" SIDE "OF" NAME               -> at_least_side
      | _most ("TO" | "ON") "THE" SIDE "OF" NAME                -> at_most_side
      | "THE" "OTHER" number "FACE" direction                   -> rest_face
      | "THE" ("OTHERS" | "REMAINING" _number _prs | "OTHER" _prs) "FACE" direction -> rest_face
      | "NEITHER" NAME "NOR" NAME _yes pred                     -> neither_claimed
      | "NEITHER" NAME "NOR" NAME "CAN" _bare pred              -> neither_claimed
      | "IT" "IS" NAME "WHO" _yes pred                          -> found
      | "IT" "IS" "NOT" NAME "WHO" _yes pred                    -> not_found
      | _the_neighbours "OF" NAME "ARE" NAME "AND" NAME         -> flanked
      | NAME "OWN" _neighbours "ARE" NAME "AND" NAME            -> flanked
      | "EXACTLY" NAME _yes "BETWEEN" NAME "AND" NAME           -> only_between
      | pred ("SITS" | "IS") NAME                               -> inverted
      | "THE" _person _being pred "IS" NAME                     -> inverted
      | "THE" _person "WHO" "FACES" NAME "IS" NAME              -> faced
      | _count_there ("TO" | "ON") "THE" SIDE "OF" NAME         -> counted_side
      | number _of_them _facing direction                       -> so_many_face
      | number _of_them _facing direction _comma ("AND" | "WHILE") _rest _faced direction -> split
      | "AS" "MANY" "PERSON" _any "BETWEEN" NAME "AND" NAME "AS" "BETWEEN" NAME "AND" NAME  -> as_many
      | _tally NAME "AND" NAME "IS" _same_as (_tally | _that "BETWEEN") NAME "AND" NAME  -> as_many
      | gap
_and_or: "AND" | "OR"
_least: "AT" "LEAST" number _prs _any | "THERE" ("IS" | "ARE") "AT" "LEAST" number "PERSON" _seated
_most: "AT" "ATMOST" number _prs _any | "THERE" ("IS" | "ARE") "AT" "ATMOST" number "PERSON" _seated
_same_as: "THE" "SAME" "AS" | "EQUAL" "TO"
_rest: "THE" "OTHERS" _prs | _the number _prs
_tally: "THE" "TALLY" "OF" "PERSON" _seated "BETWEEN"
_the_neighbours: "THE" _neighbours
_neighbours: ("TWO" | "IMMEDIATE")* "NEIGHBOUR"
_being: | "FOUND" | "SEATED" | "WHO" _yes
bare: one preds                                                 -> claimed
    | one "SEATED" preds                                        -> claimed
    | many "SEATED" preds                                       -> claimed
    | many "SEATED" mutual                                      -> claimed
one: _entity | _entity aside
many: _both _prs NAME _commas "AND" _prs NAME
_both: | "BOTH"
aside: "COMMA" "WHO" said "COMMA"
_entity: _prs NAME | described | valued
described: "THE" _person _placed pred
_placed: | "SEATED" | "WHO" _yes
valued: "THE" _person "WHO" _likes VALUE
_likes: "LIKES" | "LIKES" "THE" | "LIKES" "THE" "WORD"
_more: ("AND" | "BUT") | ("AND" | "BUT") "ALSO" | "COMMA" ("AND" | "BUT") | "COMMA" ("AND" | "BUT") "ALSO"
said: _yes preds                                                -> affirmed
    | _no preds                                                 -> denied
    | "HAS" NAME "AS" _a _immediate "NEIGHBOUR"                 -> has_neighbour
    | "HAS" NAME "AND" NAME "AS" _immediate "NEIGHBOUR"         -> has_neighbours
    | ("OCCUPY" | _yes ("IN" | "AT")) "THE" "REMAINING" "PLACE"  -> leftover
    | "IS" "THE" "REMAINING" "PERSON"                           -> leftover
    | "HAS" NAME ("TO" | "ON") NAME "OWN" "IMMEDIATE" SIDE      -> has_next_side
    | "HAS" NAME ("TO" | "ON") NAME "OWN" SIDE                  -> has_side
    | "FACES" direction                                         -> faces
    | "FACES" _entity                                           -> faces_person
    | "FACES" "THE" "OPPOSITE" "WAY" "TO" _entity               -> faces_unlike
    | "FACES" "THE" "SAME" "WAY" "AS" object                    -> faces_as
    | _likes VALUE                                              -> has_value
    | "IS" NAME                                                 -> is_named
    | "IS" "NOT" NAME                                           -> is_not_named
    | "IS" _not ("THE" | "A") ("KIN" | "PERSON") "OF" NAME      -> kin
_a: | "A"
_not: | "NOT"
saids: _yess preds                                              -> affirmed
     | _yess mutual (_again part_of)*                           -> affirmed
     | _nos preds                                               -> denied
     | _nos mutual                                              -> denied
     | "HAVE" "ADJACENT" "PLACE"                                -> neighbours
     | "DO" "NOT" "HAVE" "ADJACENT" "PLACE"                     -> not_neighbours
     | _look "THE" "SAME" "WAY"                                 -> alike
     | _look _the "OPPOSITE" "WAY"                              -> unlike
     | "FACE" direction                                         -> faces
     | "ARE" _not _also _a "KIN"                                -> kin
     | ("OCCUPY" | _yess "IN") "THE" "REMAINING" _number "PLACE"  -> leftover
     | "ARE" "THE" "REMAINING" _number "PERSON"                 -> leftover
_look: "FACE" _in | "ARE" "FACING" _in
_in: | "IN"
_number: | number
?part_of: part | mutual | "NOT" mutual                          -> negated
_also: | "ALSO"
_adverb: | "ALSO" | "ALWAYS"
_must: "MUST" _also
_bare: "SIT" | "BE" _seated
_yes: "IS" _adverb _seated | _adverb "SITS" | _must _bare | "CAN" "BE" "FOUND"
_yess: "ARE" _adverb _seated | _adverb "SIT" | _must _bare | "CAN" "BE" "FOUND"
_forbid: ("MUST" | "CAN") ("NOT" | "NEVER") _bare
_no: "IS" ("NOT" | "NEVER") _seated | "DOES" "NOT" "SIT" | "NEVER" "SITS" | _forbid
_nos: "ARE" ("NOT" | "NEVER") _seated | "DO" "NOT" "SIT" | "NEVER" "SIT" | _forbid

preds: part (_again part)*
?part: pred
     | "NOT" pred                                               -> negated
     | "NEITHER" pred "NOR" pred                                -> neither
_again: _comma ("AND" | "BUT")

pred: _near objects                                             -> near
    | NAME "OWN" _immediate "NEIGHBOUR"                          -> has_neighbour
    | _at_once ("OF" | "TO") objects                            -> next_side
    | _steps _to_side ("OF" | "TO" | "FROM") objects            -> steps_side
    | _steps "TO" NAME "OWN" SIDE                                -> own_steps_side
    | _steps CLOCKWISE ("FROM" | "OF") objects                  -> steps_side
    | _anywhere _to_side "OF" objects                           -> some_side
    | ("TO" | "ON") NAME "OWN" SIDE                              -> own_side
    | ("TO" | "ON") NAME "OWN" "IMMEDIATE" SIDE                  -> own_next_side
    | "LY" ("TO" | "ON") NAME "OWN" SIDE                         -> own_next_side
    | "FURTHER" _to_side "THAN" objects                         -> some_side
    | _opposed objects                                          -> opposite
    | "BETWEEN" NAME "AND" object                               -> loosely_between
    | "IN" "BETWEEN" NAME "AND" object                          -> loosely_between
    | _closely "BETWEEN" NAME "AND" object                      -> between
    | _wherever "BETWEEN" NAME "AND" object                     -> anywhere_between
    | _exactly number "PLACE" "AWAY" "FROM" objects             -> away
    | "SEPARATED" "FROM" object "BY" count                      -> separated
    | _at _an_end                                               -> at_an_end
    | _at "THE" _other                                          -> other_end
    | _at "THE" _far _anyside "END" _of_row                     -> side_end
    | _at "THE" ("EXTREME" | "FAR") SIDE _of_row                -> side_end
    | _at "THE" _far MOST "PLACE"                               -> side_end
    | "THE" MOST _prs                                           -> side_end
    | _place_from "FROM" "THE" _anyside _the_end _of_row        -> place_from
    | "IN" "PLACE" "TALLY" number "FROM" "THE" SIDE             -> place_number
    | _exactly _at _exactly "THE" _exactly ("MIDDLE" | "CENTRE") _o_place _of_row  -> middle
    | "FACING" direction                                        -> faces
    | "FACING" _entity                                          -> faces_person
    | _at "THE" "END" ("TO" | "ON") NAME "OWN" SIDE             -> end_beyond
    | _near "NEITHER" _entity "NOR" _entity                     -> near_neither
    | _at_place number                                          -> numbered_place
    | ("IN" | "ON" | "AT") "THE" ORDINAL "PLACE"                -> numbered_place
    | _at "THE" _far COMPASS ("END" | "PLACE") _of_row          -> compass_end
    | _at "THE" COMPASS "PLACE"                                 -> compass_end
    | _at "THEIR" COMPASS "END"                       -> compass_end
    | _at_compass "OF" objects                                  -> compass_next
    | _to_compass "OF" objects                                  -> compass_some
    | "FACING" _in "THE" "SAME" "WAY" "AS" object               -> faces_as
_at_place: ("IN" | "ON" | "AT") "PLACE" | ("IN" | "ON" | "AT") "PLACE" "TALLY"
_at_compass: "LY" _to_compass | "TO" "THE" "IMMEDIATE" COMPASS
_to_compass: ("TO" | "ON") "THE" COMPASS | COMPASS
_near: ("NEXT" "TO" | "ADJACENT" "TO" | "BESIDE")
     | ("LY" | _in_seat) ("NEXT" "TO" | "ADJACENT" "TO" | "BESIDE")
     | _one_of _immediate "NEIGHBOUR" "OF"
_one_of: | "A" | "THE" | "ONE" "OF" "THE" | "ONE" "OF" "THE" "TWO"
_in_seat: "IN" ("A" | "THE") "PLACE"
_o_in_seat: | _in_seat
_o_place: | "PLACE"
_at_once: _o_in_seat "LY" _to_side
        | _o_in_seat ("TO" | "ON" | "AT") "THE" "IMMEDIATE" SIDE
        | "IMMEDIATE" SIDE
_steps: _in_the ORDINAL _o_place | _exactly number "PLACE"
_in_the: | "THE" | "IN" "THE"
_to_side: SIDE | ("TO" | "ON") "THE" SIDE
_anywhere: | _wherever
_wherever: "SOMEWHERE" | "AT" "SOME" "PLACE"
_opposed: _close ("OPPOSITE" | "OPPOSITE" "TO" | "ACROSS" "FROM") | "IN" "THE" "PLACE" "OPPOSITE"
_close: | "LY" | "EXACTLY"
_closely: ("LY" | "EXACTLY" | "IN" "THE" "PLACE") _in
_at: "AT" | "ON" | "IN"
_an_end: ("A" | "EITHER" | "ONE") _extreme "END" _of_row
       | "ONE" "OF" "THE" ("TWO" | "EXTREME")* ("ENDS" | "END" "PLACE") _of_row
       | "A" "END" "PLACE"
_other: ("OTHER" | "OPPOSITE") _elsewhere
_elsewhere: | _extreme "END" _of_row | "FROM" object | _extreme "END" _of_row "FROM" object
_far: | "EXTREME" | "FAR"
_the_end: | "END"
_anyside: SIDE | MOST
_of_row: | "OF" "THE" _seating ("ARRANGEMENT" | VENUE)
_place_from: _the ORDINAL | _the ORDINAL "COUNTING" | _at "THE" ORDINAL "PLACE"
objects: object
       | _both _entity _entities "AND" object                   -> all_of
       | _either _entity "OR" object                            -> any_of
       | _either _entity "OR" _entity _comma "BUT" "NOT" "BOTH" -> one_of
_entities: _comma | "COMMA" _entity _entities
object: _entity | _entity which
which: _comma "WHO" said (("AND" | "BUT") said)*

mutual: _closish ("NEXT" "TO" | "BESIDE") _each_other           -> neighbours
      | "FLANK" "BY" "FLANK"                                    -> neighbours
      | "TOGETHER"                                              -> together
      | "ADJACENT"                                              -> neighbours
      | "ADJACENT" "TO" _each_other                             -> neighbours
      | _immediate "NEIGHBOUR"                                  -> neighbours
      | _immediate "NEIGHBOUR" "OF" _each_other                 -> neighbours
      | _opposed _each_other                                    -> opposed
      | _exactly number "PLACE" "APART"                         -> apart_from
      | "SEPARATED" "BY" count                                  -> separated_by
      | "ON" "EITHER" "FLANK" "OF" NAME                         -> around
      | _at ("BOTH" | "THE") ("TWO" | "EXTREME" | "OPPOSITE")* "ENDS" _of_row  -> both_ends
_closish: | "LY" | "IN" "PLACE"
_each_other: "EACH" "OTHER" | "ONE" "ANOTHER"

?gap: _count_there "BETWEEN" NAME "AND" object                  -> apart
    | "BETWEEN" NAME "AND" NAME ("THERE" ("IS" | "ARE") | "SIT" | "SITS") count  -> apart_after
    | NAME "AND" NAME "HAVE" count "BETWEEN" "THEM"             -> apart_after
    | count "SEPARATE" NAME "FROM" NAME                         -> apart
    | _tally NAME "AND" NAME "IS" number                        -> apart_after
_count_there: count _any | "THERE" ("IS" | "ARE") count _seated
_any: "SITS" | "SIT" | ("IS" | "ARE") _seated | "LIE"
count: _exactly number ("PERSON" | "PLACE")
     | _exactly number "OF" "THEM"
     | "NO" ("PERSON" | "ONE")                                  -> nobody
number: NUMBER | "ONE" -> just_one | "TWO" -> just_two

query: _ask | "DETERMINE" _ask
_ask: who | how_many | which_of | place_of
?who: _who _yes pred _tail                                       -> who_is
    | _who "CAN" _also _bare pred _tail                          -> who_can
    | _who "CAN" _also _bare mutual _tail                        -> who_can
    | _who _no pred _tail                                        -> who_cannot
    | _who _nos mutual _tail                                     -> who_cannot
    | _who "IS" "NOT" _seated mutual _tail                       -> who_cannot
    | _who _yess mutual _tail                                    -> who_is
    | _who "IS" _seated mutual _tail                             -> who_is
    | _pair _yess mutual _tail                                   -> who_is
    | _pair "CAN" _bare mutual _tail                             -> who_can
    | _pair _nos mutual _tail                                    -> who_cannot
    | _who "FACES" direction                                     -> who_faces
    | _who "FACES" NAME                                          -> who_faces_person
    | _who "IS" NAME                                             -> who_is_named
    | "WHO" "DOES" NAME "FACE"                                   -> who_faces_person
    | _who ("IS" | "ARE") _seated "FACING" direction             -> who_faces
    | _who _does_not _facing direction                           -> who_faces_not
    | ("WHO" | _pair) "ARE" _the _neighbours "OF" NAME           -> who_around
    | ("CALL" | "DETERMINE") "THE" _person _placed pred          -> who_is
    | "WHO" "IS" "THE" _person _placed pred                      -> who_is
?how_many: "HOW" "MANY" _counted_of _many ("TO" | "ON") "THE" SIDE "OF" NAME    -> how_many_side
     | "HOW" "MANY" _counted_of _many "BETWEEN" NAME "AND" NAME
     | "HOW" "MANY" _counted_of _many "BETWEEN" NAME "AND" NAME _when "COUNTING" _starting  -> how_many_from
     | "HOW" "MANY" "PERSON" "SEPARATE" NAME "FROM" NAME
     | "WHICH" "IS" "THE" "TALLY" "OF" "PERSON" _seated "BETWEEN" NAME "AND" NAME
     | "BY" "HOW" "MANY" "PERSON" "ARE" NAME "AND" NAME "SEPARATED"
_starting: "FROM" "THE" SIDE "OF" NAME | CLOCKWISE "FROM" NAME
_counted_of: | "PERSON" | "PLACE" | "OF" "THEM"
_when: _comma | _comma "WHEN"
?which_of: "WHICH" _of_these _truth
_of_these: | "STATEMENT" | "ONE" | _one_out ("THE" "FOLLOWING" | "THESE")
         | _one_out ("THE" "FOLLOWING" | "THESE") "STATEMENT"
_one_out: "OF" | "ONE" "OF"
_does_not: ("IS" | "ARE") "NOT" | "DOES" "NOT" | "DO" "NOT"
_how: "HOW" "IS" NAME "SEATED" | "WHERE" "DOES" NAME "SIT" | "WHERE" "IS" NAME _seated
?place_of: "WHICH" "IS" "THE" "PLACE" "OF" NAME "FROM" "THE" SIDE _the_end  -> which_place
     | _inat "WHICH" "PLACE" "FROM" "THE" SIDE _the_end ("DOES" NAME "SIT" | "IS" NAME _seated)  -> which_place
     | _into "WHICH" "WAY" ("DOES" NAME "FACE" | "IS" NAME "FACING")  -> which_way
_inat: | "IN" | "AT"
_into: | "IN" | "TO"
_many: "SIT" | "LIE" | "ARE" | "ARE" "THERE" _seated | "ARE" "SEATED" | "HAVE" "A" "PLACE"
_who: "WHO" | "WHICH" ("OF" "THEM" | "PERSON" | "ONE" "OF" "THEM" | "ONE" "PERSON")
     | ("WHO" | "WHICH") ("OF" | "AMONG") ("THE" "FOLLOWING" _prs | "THEM")
_pair: "WHICH" ("TWO" "PERSON" | "TWO" "OF" ("THEM" | "THE" "FOLLOWING" _prs) | "PAIR" "OF" "PERSON")
     | "WHICH" "OF" "THE" "FOLLOWING" "PAIR" | "WHICH" "OF" "THE" "FOLLOWING" "PAIR" "OF" "PERSON"
_tail: | _comma "UNDER" ("ANY" "CIRCUMSTANCE" | _these ("INFO" | "STATEMENT" | "CIRCUMSTANCE"))
_truth: truth | untruth | can_be | can_be_untrue
_true: "TRUE" | "CORRECT"
_surely: | "SURELY"
truth: ("IS" | "ARE") _surely _true | "MUST" "BE" _true | "FOLLOW"
untruth: "IS" ("NOT" "POSSIBLE" | "IMPOSSIBLE")
       | ("IS" | "ARE") _surely "FALSE" | "MUST" "BE" "FALSE" | ("IS" | "ARE") "NOT" _true
     | "CAN" "NOT" "BE" _true
can_be: "CAN" "BE" _true | "IS" "POSSIBLE"
can_be_untrue: "CAN" "BE" "FALSE"
%declare NAME NUMBER ORDINAL SIDE MOST SHAPE VENUE DIRECTION VALUE CLOCKWISE COMPASS
"""

VENUES: dict[str, str | None] = {
    "circle": "circle",
    "ring": "circle",
    "roundtable": "circle",
    "fountain": "circle",
    "row": "row",
    "line": "row",
    "bench": "row",
    "couch": "row",
    "sofa": "row",
    "settee": "row",
    "pew": "row",
    "log": "row",
    "line-up": "row",
    "table": None,
}
"""What people sit at, and the shape it has; None: what is said besides tells."""
SHAPES = {
    "circular": "circle",
    "round": "circle",
    "linear": "row",
    "straight": "row",
    "horizontal": "row",
}
PLAIN = ("single", "conference", "dining", "dinner", "large", "big", "small", "wooden", "meeting", "coffee", "long")
"""What a table, a row or a purpose may be called, and it changes nothing."""
POLYGONS = {"triangular": 3, "square": 4, "pentagonal": 5, "hexagonal": 6, "heptagonal": 7, "octagonal": 8}
"""Tables with one person on each side, and the number of sides."""
DIRECTIONS: dict[str, Direction] = {
    "north": "north",
    "south": "south",
    "inwards": "centre",
    "inward": "centre",
    "inside": "centre",
    "outwards": "outwards",
    "outward": "outwards",
    "outside": "outwards",
}
PERSONS = frozenset({"person", "persons", "people", "individual", "individuals"})
"""Whoever they are; what the people of a text are besides (delegates, cousins) its first sentences tell."""
_KINDS = {
    "PERSON": PERSONS,
    "NUMBER": {*NUMBERS[3:], "zero", *map(str, range(21))},
    "TWO": ("two",),
    "ONE": ("one",),
    "ORDINAL": {
        *ORDINALS[1:],
        *(f"{i}{'th' if 10 < i < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(i % 10, 'th')}" for i in range(1, 21)),
    },
    "SIDE": ("left", "right"),
    "MOST": ("leftmost", "rightmost"),
    "SHAPE": SHAPES,
    "VENUE": VENUES,
    "ARRANGEMENT": ("arrangement", "arrangements"),
    "DIRECTION": DIRECTIONS,
    "CENTRE": ("centre", "center"),
    "PLAIN": PLAIN,
    "WITHOUT": ("without",),
    "POLYGON": POLYGONS,
    "ROWS": ("rows",),
    "SEQUENCE": ("order", "sequence"),
    "GOING": ("going", "reading"),
    "WORD_NUMBERED": ("numbered",),
    "WORD_NAMES": ("names",),
    "ODD": (
        *("semicircle", "semicircular", "semi-circle", "semi-circular", "half-circle", "rectangular", "rectangle"),
        *("triangle", "u-shaped", "l-shaped", "v-shaped", "t-shaped", "oval", "concentric", "grid", "diagonal"),
        *("couples", "families", "teams", "times", "groups", "corners", "corner", "alphabetical", "different"),
        *("alternate", "alternately", "alternating", "except", "wrong", "vacant"),
        *("behind", "empty", "unoccupied", "reverse", "reversed", "file", "random", "nowhere", "might", "respectively"),
        *(
            "horseshoe",
            "arc",
            "arch",
            "crescent",
            "zigzag",
            "zig-zag",
            "curve",
            "half-moon",
            "wedge",
            "pyramid",
            "diamond",
        ),
        *("cross", "spiral", "cluster", "clusters", "pattern", "mirror", "bow", "chevron", "pairs", "queue", "column"),
        *("non-adjacent", "nonadjacent", "distant", "scattered", "separate", "isolated", "spaced", "alternating"),
    ),
    "A": ("a", "an"),
    "THE": ("the",),
    "IS": ("is",),
    "ARE": ("are",),
    "BE": ("be",),
    "SITS": ("sits", "stands"),
    "SAT": ("sat", "stood"),
    "SIT": ("sit", "stand"),
    "SEATED": ("seated", "sitting", "standing", "placed", "positioned", "located", "situated"),
    "FOUND": ("found",),
    "MUST": ("must", "will", "should", "shall"),
    "CAN": ("can", "could", "may"),
    "DO": ("do",),
    "DOES": ("does", "did"),
    "NEXT": ("next",),
    "BESIDE": ("beside", "alongside"),
    "NEIGHBOUR": ("neighbour", "neighbours", "neighbor", "neighbors"),
    "LY": ("immediately", "directly", "just"),
    "EXACTLY": ("exactly", "only", "precisely"),
    "PLACE": ("seat", "seats", "place", "places", "position", "positions", "chair", "chairs", "spot", "spots"),
    "TALLY": ("number",),
    "OWN": ("'s",),
    "END": ("end",),
    "ENDS": ("ends",),
    "WAY": ("direction", "directions", "way", "ways"),
    "CLOCKWISE": ("clockwise", "anticlockwise", "anti-clockwise", "counterclockwise", "counter-clockwise"),
    "LIKES": ("likes", "like", "prefers", "wears", "drinks", "owns", "plays"),
    "OTHERS": ("others", "rest"),
    "PAIR": ("pair", "pairs"),
    "OCCUPY": ("occupy", "occupies", "take", "takes"),
    "EXTREME": ("extreme",),
    "FAR": ("far",),
    "FLANK": ("side", "sides"),
    "MIDDLE": ("middle",),
    "SOMEWHERE": ("somewhere", "anywhere"),
    "ACROSS": ("across",),
    "LIE": ("lie", "lies"),
    "SEPARATE": ("separate", "separates"),
    "SEPARATED": ("separated",),
    "HAVE": ("have",),
    "HAS": ("has",),
    "WHILE": ("while", "whereas"),
    "AND": ("and",),
    "WHICH": ("which", "what"),
    "CALL": ("name",),
    "CALLED": ("called", "named"),
    "STATEMENT": ("statement", "statements"),
    "SURELY": ("certainly", "definitely", "necessarily"),
    "TRUE": ("true",),
    "FOLLOW": ("follow", "follows"),
    "SUPPOSE": ("suppose", "supposing"),
    "ASSUMING": ("assume", "assuming"),
    "ADDITIONALLY": ("additionally", "furthermore", "moreover", "finally", "further"),
    "INFO": (
        *("constraints", "constraint", "conditions", "condition", "clues", "information", "facts"),
        *("rules", "restrictions", "details", "above"),
    ),
    "EVERYONE": ("everyone", "everybody"),
    "EACH": ("each", "every"),
    "THEIR": ("their", "its"),
    "BACK": ("backs", "back"),
    "TOWARDS": ("towards", "toward"),
    "FACE": ("face",),
    "AROUND": ("around",),
    "OTHER": ("other",),
    "EQUAL": ("equal",),
    "APPLY": ("apply", "hold"),
    "CIRCUMSTANCE": ("circumstances", "circumstance"),
    "DETERMINE": ("determine", "find"),
    "COUNTING": ("counting", "counted"),
    "FURTHER": ("further", "farther"),
    "KIN": (
        *(
            "spouse",
            "husband",
            "wife",
            "brother",
            "sister",
            "couple",
            "parent",
            "son",
            "daughter",
            "mother",
            "father",
            "sibling",
        ),
        *("brothers", "sisters", "siblings", "twins", "cousin", "cousins", "spouses", "sons", "daughters"),
    ),
    "ATMOST": ("most",),
    "SEX": ("men", "women", "man", "woman", "boys", "girls", "boy", "girl", "ladies", "gentlemen"),
    "COMPASS": ("west", "western", "westernmost", "east", "eastern", "easternmost"),
    "COMMA": (",",),
    "COLON": (":",),
    "DASH": ("-",),
    "LPAR": ("(",),
    "RPAR": (")",),
    **{
        word.upper(): (word,)
        for word in (
            *("of", "to", "from", "in", "at", "on", "by", "for", "with", "under", "during", "along", "than", "not"),
            *("but", "also", "both", "either", "neither", "nor", "or", "that", "who", "where", "if", "then", "there"),
            *("all", "them", "they", "it", "this", "these", "how", "many", "among", "following", "given", "based"),
            *("depending", "any", "some", "no", "never", "always", "immediate", "adjacent", "opposite", "between"),
            *("together", "apart", "away", "another", "faces", "facing", "distance", "having", "as", "correct"),
            *(
                "false",
                "seating",
                "same",
                "remaining",
                "when",
                "possible",
                "whom",
                "these",
                "before",
                "near",
                "so",
                "least",
                "whose",
                "lists",
                "impossible",
            ),
        )
    },
}
LEXICON: dict[str, str] = {word: kind for kind, words in _KINDS.items() for word in words}
CONTRACTIONS = {"cannot": ("can", "not"), "can't": ("can", "not"), "won't": ("must", "not")}
"""Words that are read as two; besides every other word in n't."""
