"""First names that go with a sex by convention. Names that are given to both are left out."""

_FEMALE = frozenset(
    str.split(
        """
    abigail ada adele agnes aisha alice alina alma amanda amara amelia amy ana andrea angela anita anjali ann anna anne
    anya asha astrid aurora ava barbara beatrice bella bianca bridget camila carla carmen carol caroline catherine
    charlotte chloe clara claire cynthia daisy deborah deepa diana dina divya donna dorothy elena eliza elizabeth ella
    ellen emily emma esther eva evelyn fatima fiona florence freya gabriella gita grace greta hana hannah harriet hazel
    helen ida imani ines ingrid irene isabel isabella isla ivy jada jane janet jasmine jennifer jessica joan josephine
    julia juliet karen karin kate katherine kavita kira lakshmi lara laura layla leela leila lena lily linda lisa lucia
    lucy luna madhuri margaret maria marie martha mary matilda maya meena meera megan mei mia mina mona monica nadia
    nalini nancy naomi natalie neeta neha nia nina nora olga olivia pamela patricia paula petra phoebe pooja priya
    priyanka rachel radha rana rani rebecca rekha rhea ria rosa rose ruby ruth sandra sana sara sarah scarlett seema
    shalini shanti shreya sita sofia sonia sophia sophie stella sunita susan susanna tara teresa uma vera veronica
    victoria violet vivian wanda yara zara zoe
    """
    )
)

_MALE = frozenset(
    str.split(
        """
    aaron abraham adam aditya aiden ajay akira alan albert alexander alfred amir amit anand andrew anil anthony anton
    antonio arjun arthur arun ashok benjamin ben bharat bob brian bruno caleb carlos charles christopher cyrus daniel
    david deepak dennis dev dinesh diego donald edward eli elijah eric erik ethan farid felix francisco frank frederick
    gabriel ganesh gaurav george gopal goran harold hans harish henry hugo igor isaac ivan jack jackson jacob jakob
    james jason jeffrey jeremy john jonas jonathan joseph joshua juan julian kamal karan kenji kevin kofi krishna kumar
    landon leo leonardo liam logan louis lucas luke mahesh malik manoj marco mark martin mason matthew michael mohan
    mohit mukesh nathan nicholas nikhil nils nitin noah oliver omar oscar patrick paul pedro peter philip pradeep
    prakash rahul raj rajesh rakesh ram raman ramesh ravi raymond richard robert rohan rohit roger ronald samuel samir
    sami sanjay sebastian simon sohan stephen steven sunil suresh sven tariq theodore thomas timothy tom tomas varun
    victor vijay vikas vikram vinay vinod vivek walter wei william yusuf
    """
    )
)


def sex_by_name(name: str) -> str | None:
    """The sex that goes with the first word of a name; None where it goes with neither, or with both."""
    first = name.split()[0].lower() if name.split() else ""
    return "female" if first in _FEMALE else "male" if first in _MALE else None
