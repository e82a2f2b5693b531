"""The organisers' part, run inside the submission's folder: `python organisers.py ask|answer N FILE`.

It knows nothing of stumper: what is checked is the interface that the organisers' code calls. Each item's reply, tokens
and seconds go to the file as one JSON line, so that a run that is stopped leaves what it had.
"""

import importlib
import json
import random
import sys
import time

ASK = (
    "Generate an EXTREMELY DIFFICULT MCQ on topic: {topic}.\n\n"
    "Ensure that option {letter} is the only correct one.\n"
    'RESPONSE FORMAT: a valid JSON object with "topic", "question", "choices", "answer" and "explanation".'
)
ANSWER = (
    "Answer the following question:\nQuestion: {question}\nChoices: {choices}\n\n"
    'RESPONSE FORMAT: a valid JSON object with "answer" and "reasoning".'
)


def settings(path: str) -> dict[str, object]:
    """The flat YAML of the generation settings; the interface passes it on as keywords."""
    found: dict[str, object] = {"tgps_show": True}
    with open(path, encoding="utf-8") as file:
        for line in file:
            name, colon, value = line.partition("#")[0].partition(":")
            if colon and value.strip():
                try:
                    found[name.strip()] = json.loads(value.strip())
                except ValueError:
                    found[name.strip()] = value.strip()
    return found


def main() -> None:
    part, count, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    sys.path.insert(0, ".")
    module, name, file = {
        "ask": ("agents.question_model", "QAgent", "qgen.yaml"),
        "answer": ("agents.answer_model", "AAgent", "agen.yaml"),
    }[part]
    start = time.monotonic()
    agent = getattr(importlib.import_module(module), name)()
    loaded = time.monotonic() - start
    given = settings(file)
    with open(out, "a", encoding="utf-8") as lines:
        for prompt in prompts(part, count):
            start = time.monotonic()
            replies, tokens, _ = agent.generate_response([prompt], "You are a helpful assistant.", **given)
            seconds = time.monotonic() - start
            reply = replies[0] if isinstance(replies, list) else replies
            line = {
                "reply": reply,
                "tokens": tokens,
                "seconds": seconds,
                "loaded": loaded,
                "counts": counts(agent, reply),
            }
            lines.write(json.dumps(line) + "\n")
            lines.flush()


def prompts(part: str, count: int) -> list[str]:
    if part == "ask":
        with open("assets/topics.json", encoding="utf-8") as file:
            topics = [f"{group}/{topic}" for group, found in json.load(file).items() for topic in found]
        rng = random.Random(0)
        return [ASK.format(topic=rng.choice(topics), letter=rng.choice("ABCD")) for _ in range(count)]
    with open("check-questions.json", encoding="utf-8") as file:
        asked = json.load(file)[:count]
    return [ANSWER.format(question=q["question"], choices=" ".join(q["choices"])) for q in asked]


def counts(agent: object, reply: object) -> dict[str, int]:
    """Tokens of each text in the reply by the entry's own tokenizer, as the filter counts them."""
    try:
        record = json.loads(reply) if isinstance(reply, str) else {}
    except ValueError:
        return {}
    texts = [text for value in record.values() for text in (value if isinstance(value, list) else [value])]
    encode = agent.tokenizer.encode  # type: ignore[attr-defined]
    return {text: len(encode(text, add_special_tokens=False)) for text in texts if isinstance(text, str)}


if __name__ == "__main__":
    main()
