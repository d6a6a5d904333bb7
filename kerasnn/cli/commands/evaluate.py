"""`kerasnn evaluate`"""

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import ModelArgument, ModelData, Opening, Pictures, note_drawn


@command("evaluate")
def evaluate(output: Output, model: ModelArgument, data: ModelData, pictures: Pictures, opening: Opening) -> None:
    """Measure a model: loss, accuracy, each class, confusions, worst mistakes.

    Example: kerasnn evaluate latest --plots plots
    """
    from kerasnn.views.evaluation import evaluation_view
    from kerasnn.views.format import with_sentences

    with output.listening() as listener:
        evaluation = kerasnn.evaluate(model, **vars(data), **vars(opening), listener=listener)
    output.show(evaluation, evaluation_view, document=with_sentences)
    if pictures.plots is not None:
        from kerasnn.views.figures.answers import save_confusion
        from kerasnn.views.figures.images import save_mistakes

        drawn = (
            save_confusion(evaluation, pictures.path("confusion"), pictures.style),
            save_mistakes(evaluation, pictures.path("mistakes"), pictures.style),
        )
        note_drawn(output, drawn, evaluation.dataset.classes)
