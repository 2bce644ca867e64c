"""Closed classes of words that the rules of scope are made of. All are folded: lower case, straight apostrophes."""

from __future__ import annotations

from typing import Final

__all__ = [
    "CONTRASTS", "ENDS", "LINKS", "MINDS", "NAMES", "NEGATIVES", "OTHERS", "OWN", "OWN_VOICES", "PERSONS", "SAYING", "SAYING_S", "SUBJECTS",
    "THINKING", "WRITINGS",
]


def _contractions(words: str) -> frozenset[str]:
    """Both spellings of contracted negations: "don't" and "dont"."""
    return frozenset(form for word in words.split() for form in (word + "n't", word + "nt")) - {"wont"} | {"wont", "cannot"}


OWN: Final = frozenset("i i'm im i've ive i'd id i'll we we're we've we'd we'll".split())
"""The writer as a subject."""

OTHERS: Final = frozenset("he she they he's she's they're he'd she'd they'd he'll she'll they'll they've hes shes theyre theyve".split())
"""Somebody else as a subject; these forms can't be objects."""

SUBJECTS: Final = OWN | OTHERS | frozenset(
    "it it's its it'd it'll that's thats there there's theres this these everything nothing something nobody everyone everybody no-one my you "
    "you're youre you'll your what's why how maybe perhaps what".split()
)
"""Words that begin a clause of its own where a link or a comma stands before them."""

ENDS: Final = frozenset(".!?;:()\u2026\n")
"""Marks that end a clause whatever follows. A spaced dash does too (it comes as "-")."""

CONTRASTS: Final = frozenset("but yet however although though tho whereas except meanwhile anyway nevertheless -".split())
"""Words that turn against what stands before them: denial, report or past end here."""

LINKS: Final = frozenset("and n & so because cause cuz coz bc cos since while when whenever then as until till plus if , where whenever".split())
"""Links that begin a new clause where a subject follows."""

_PERSONS: Final = (
    "mom mum mam mama dad papa mother father sister brother sibling husband wife boyfriend girlfriend bf gf partner fiance fiancee ex friend bestie client "
    "patient student "
    "pupil boss manager supervisor therapist counsellor counselor psychologist psychiatrist teacher professor tutor lecturer doctor nurse surgeon midwife "
    "colleague coworker "
    "co-worker workmate bandmate teammate roommate flatmate housemate classmate mate parent kid child baby toddler son daughter aunt auntie uncle grandma "
    "grandmother gran "
    "nan grandpa grandfather granddad niece nephew cousin mentor pastor priest imam rabbi man woman girl boy guy lady lad bloke couple mentee trainee intern "
    "apprentice resident "
    "neighbour neighbor landlord landlady coach character hero heroine narrator actor singer writer author poet member caller pilot widow widower candidate "
    "villager "
    "stranger soldier driver customer guest employee employer worker carer caretaker lawyer judge officer player captain director principal headteacher team "
    "family group "
    "crew staff class stepmum stepmom stepdad in-law mother-in-law father-in-law person leader learner beginner adult"
).split()
PERSONS: Final = (
    frozenset(_PERSONS)
    | frozenset(word + "s" for word in _PERSONS)
    | frozenset(
        "mr. mrs. ms. dr. men women people persons children families wives mr mrs ms miss dr pt pts cl [name] xxxx @user everyone everybody someone "
        "somebody others folks".split()
    )
)
"""Nouns for people (also groups), titles and placeholders of names."""

NAMES: Final = frozenset(
    "aaron adam ahmed aisha alan alex alice amanda amy andrea andrew andy angela ann anna anne anthony ashley barbara ben benjamin beth brian "
    "bob carlos carol caroline charles charlie chris christine claire dan daniel dave david deborah diana donna edward elena eleanor elizabeth "
    "ella ellen emily emma eric ethan fatima fiona frank gary george hannah harry heather helen henry ian isabel jack jacob jake james jamie "
    "jane janet jason jenny jennifer jessica jim joe john jonathan jordan joseph josh joshua julia julie karen kate katherine kathy katie keith "
    "kelly ken kevin kim laura lauren leah leo lena linda lisa louise lucas lucy luke maria marie martha martin mary matt matthew maya megan "
    "melissa michael michelle mike mohammed nancy natalie nathan nicholas nick nicole nina noah nora oliver olivia omar oscar pam patricia "
    "patrick paul pedro peter phil philip priya rachel ravi rebecca richard robert ryan sally sam samantha samuel sandra sara sarah scott sean "
    "simon sofia sophia sophie stephanie stephen steve steven stuart susan tara thomas tim tina tom tony tracy vanessa victoria vincent wendy "
    "william yusuf zoe".split()
)
"""Common first names that are no other English word; capitals are folded away, so a list has to do."""

WRITINGS: Final = frozenset(
    "email mail letter complaint report review feedback note card message statement evaluation assessment article book poster sign song film "
    "movie podcast post comment newspaper website bot chatbot manual textbook leaflet form".split()
)
"""Things that say something in somebody else's words."""

MINDS: Final = frozenset(
    "head brain mind voice voices critic thought thoughts anxiety depression ocd gut heart conscience monologue demon demons self inside body "
    "fear guilt shame panic worry doubts insecurities something".split()
)
OWN_VOICES: Final = MINDS | frozenset(["part", "half", "me", "myself"])
"""What speaks inside the writer: it's the writer's own thought."""

SAYING_S: Final = frozenset(
    "says tells claims insists states writes reports texts suggests implies admits complains explains describes repeats replies answers "
    "announces shares reckons thinks believes fears worries wonders assumes argues whispers shouts yells screams asks keeps alleges maintains "
    "feels decides sighs sings moans jokes".split()
) - {"keeps"}
"""Verbs of saying and thinking in the one form that "I" can't have."""

THINKING: Final = frozenset(
    "think thinks thought thinking believe believes believed believing feel feels felt feeling reckon reckons reckoned assume assumes assumed "
    "fear fears feared worry worries worried worrying wonder wonders wondered wondering convinced afraid scared terrified".split()
)
SAYING: Final = SAYING_S | THINKING | frozenset(
    "say said saying tell told telling claim claimed claiming insist insisted insisting ask asked asking wrote writing whisper whispered shout "
    "shouted shouting yell yelled yelling scream screamed screaming text texted messaged emailed suggest suggested admit admitted complain "
    "complained complaining explain explained describe described repeat repeated repeating reply replied answer answered answering decided sang "
    "blame blamed accuse accused accusing announced shared implied hinted stated mumbled muttered goes cried sobbed confessed argued alleged "
    "reported moaned joked sound".split()
)
"""Verbs of saying and thinking that may govern a clause."""

_HELPERS: Final = _contractions("do does did is was are were wo would have has had ca could ai should must need")
NEGATIVES: Final = _HELPERS | frozenset(
    "not no never without neither nor hardly nobody noone none stopped quit instead rather far free refuse refused refusing nothing anything "
    "doubt doubts stop".split()
)
"""One of these has to be there before a rule of negation is worth trying."""
