"""A race of optimizers as a picture: losses, effective learning rates, movement."""

from pathlib import Path

from kerasnn.records import Race
from kerasnn.views.figures.lines import finish, look
from kerasnn.views.figures.style import GREY, figure, save


def save_race(race: Race, path: Path) -> Path:
    """Draw three charts by epoch into a PNG; the bands are the quartiles over the weights."""
    with figure(13, 4.8) as drawing:
        loss, rate, movement = drawing.subplots(1, 3)
        for place, each in enumerate(race.contenders):
            style = look(place)
            loss.plot(
                [one.epoch for one in each.history], [one.val_loss for one in each.history], label=each.name, **style
            )
            epochs = [pace.epoch for pace in each.paces]
            rate.plot(epochs, [pace.rate for pace in each.paces], **style)
            lower, upper = ([getattr(pace, name) for pace in each.paces] for name in ("lower", "upper"))
            rate.fill_between(epochs, lower, upper, color=style["color"], alpha=0.15, linewidth=0)
            movement.plot(epochs, [pace.movement for pace in each.paces], **style)
        loss.axhline(race.target, color=GREY, linestyle=":", label=f"target {race.target:g}")
        finish(loss, "validation loss")
        finish(rate, "effective learning rate")
        finish(movement, "movement of the weights")
        rate.set_title("band: quartiles over the weights", fontsize=9)
        movement.set_title("root mean square of the epoch's change", fontsize=9)
        for area in (rate, movement):
            area.set_yscale("log")
        source = f"{race.dataset.name}, seed {race.seed}, batches of {race.batch_size}"
        drawing.suptitle(f"Optimizers on {race.stage}: the same first weights and batches ({source})", fontsize=12)
        drawing.legend(*loss.get_legend_handles_labels(), loc="outside lower center", ncols=7, fontsize=9)
        return save(drawing, path)
