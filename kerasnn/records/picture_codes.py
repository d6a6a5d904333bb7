"""The codes of notes on a picture, and the sentence of each."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from kerasnn.language import N_


class PictureCode(StrEnum):
    """Codes of what was done to a picture, and of what may mislead a network in it."""

    # steps, which are values of PREPARED
    BACKGROUND_REMOVED = "background-removed"
    LAID_ON_WHITE = "laid-on-white"
    LAID_ON_BLACK = "laid-on-black"
    FRAME_CUT_OFF = "frame-cut-off"
    SMALL_LEFT_OUT = "small-things-left-out"
    SWAPPED = "light-and-dark-swapped"
    CUT_OUT = "cut-to-the-garment"
    CONTRAST_RAISED = "contrast-raised"
    # what was done
    PREPARED = "prepared"
    PADDED = "padded"
    FIRST_OF_SEVERAL = "first-of-several"
    # nothing to recognise
    BLANK = "blank"
    NOISE = "noise"
    NO_GARMENT = "no-garment"
    # what may mislead
    TOO_SMALL = "too-small"
    NOT_FOUND = "not-found"
    SEVERAL_GARMENTS = "several-garments"
    UNEVEN_BACKGROUND = "uneven-background"
    RECTANGLE = "rectangle"
    DIVIDED_ALREADY = "divided-already"
    ONE_SHADE = "one-shade"
    REVERSED = "light-and-dark-reversed"
    OTHER_BACKGROUND = "other-background"
    BELOW_CENTRE = "below-centre"
    ABOVE_CENTRE = "above-centre"
    RIGHT_OF_CENTRE = "right-of-centre"
    LEFT_OF_CENTRE = "left-of-centre"
    # remedies, which are values of the above
    PREPARE = "prepare"
    PREPARE_OR_INVERT = "prepare-or-invert"
    PREPARE_OR_CROP = "prepare-or-crop"
    INVERT = "invert"
    DO_NOT_INVERT = "do-not-invert"
    CROP = "crop"


NOTHING: Final = frozenset({PictureCode.BLANK, PictureCode.NOISE, PictureCode.NO_GARMENT})

PICTURE_SENTENCES: Final[Mapping[str, str]] = {
    PictureCode.BACKGROUND_REMOVED: N_("background removed"),
    PictureCode.LAID_ON_WHITE: N_("laid on white"),
    PictureCode.LAID_ON_BLACK: N_("laid on black"),
    PictureCode.FRAME_CUT_OFF: N_("frame or bars around it cut off"),
    PictureCode.SMALL_LEFT_OUT: N_("small things beside the garment left out"),
    PictureCode.SWAPPED: N_("light and dark swapped"),
    PictureCode.CUT_OUT: N_("cut to the garment and centred"),
    PictureCode.CONTRAST_RAISED: N_("contrast raised {times} times"),
    PictureCode.PREPARED: N_("prepared: {steps}"),
    PictureCode.PADDED: N_("{width} x {height} is not square: padded to a square with the brightness of its border"),
    PictureCode.FIRST_OF_SEVERAL: N_("it contains several pictures: the first one is used"),
    PictureCode.BLANK: N_("there is nothing to recognise in it: all its pixels are equal"),
    PictureCode.NOISE: N_("there is nothing to recognise in it: neighbouring pixels are unrelated, as in noise"),
    PictureCode.NO_GARMENT: N_("there is nothing to recognise in it: no garment stands out from the background"),
    PictureCode.TOO_SMALL: N_("it is too small to tell a garment from its background"),
    PictureCode.NOT_FOUND: N_(
        "no garment could be told from the uneven background, so the network saw the whole picture"
    ),
    PictureCode.SEVERAL_GARMENTS: N_(
        "it seems to show two separate things, which the network sees as one: crop it to one of them"
    ),
    PictureCode.UNEVEN_BACKGROUND: N_(
        "the background is uneven, so check what the network saw; --as-is leaves the picture as it is"
    ),
    PictureCode.RECTANGLE: N_(
        "what stands out is a rectangle, as a picture in a margin would: unless it is a bag, crop it to the garment"
    ),
    PictureCode.DIVIDED_ALREADY: N_(
        "its brightest pixel is 1 of 255: it looks divided by 255 already, and would be again"
    ),
    PictureCode.ONE_SHADE: N_("it is almost one shade: its darkest and lightest pixel are {span} of 255 apart"),
    PictureCode.REVERSED: N_("light and dark are the other way round than in the training images: {remedy}"),
    PictureCode.OTHER_BACKGROUND: N_("its background is not as in the training images: {remedy}"),
    PictureCode.BELOW_CENTRE: N_("the garment lies below the centre, by {share} of the picture: {remedy}"),
    PictureCode.ABOVE_CENTRE: N_("the garment lies above the centre, by {share} of the picture: {remedy}"),
    PictureCode.RIGHT_OF_CENTRE: N_("the garment lies right of the centre, by {share} of the picture: {remedy}"),
    PictureCode.LEFT_OF_CENTRE: N_("the garment lies left of the centre, by {share} of the picture: {remedy}"),
    PictureCode.PREPARE: N_("leave out --as-is, and kerasnn prepares it"),
    PictureCode.PREPARE_OR_INVERT: N_("leave out --as-is, and kerasnn prepares it, or try --invert"),
    PictureCode.PREPARE_OR_CROP: N_("leave out --as-is, and kerasnn prepares it, or crop it closer"),
    PictureCode.INVERT: N_("try --invert"),
    PictureCode.DO_NOT_INVERT: N_("leave out --invert"),
    PictureCode.CROP: N_("crop it closer"),
}
