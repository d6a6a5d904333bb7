"""What a run's record says in sentences: kept in English whatever language was spoken, retold where it is shown."""

from typing import Final

from kerasnn.language import N_, retold

NOT_CONVERGED: Final = N_(
    "SGDClassifier had not converged when its passes were over: scikit-learn warns of it once a class. "
    "The lecture stops there on purpose; more --epochs bring it closer"
)
ALTHOUGH: Final = N_("taken up again although {differences}")
DIFFERENCE: Final = N_("{name} was {before} and is {now}")
NOT_FINITE: Final = N_("the {part} loss is {loss}")
WILD_WEIGHTS: Final = N_("weights are infinite or not numbers")
EXPLODED: Final = N_(
    "the loss exploded to {training} in training and {validation} in validation, and guessing has {guessing}"
)


def kept_sentence(text: str) -> str:
    """A note or a fault of a run in the language spoken."""
    return retold(text, NOT_CONVERGED, ALTHOUGH, DIFFERENCE, NOT_FINITE, WILD_WEIGHTS, EXPLODED)
