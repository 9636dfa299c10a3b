"""The parts of the Compare tab that draw themselves: data in, text set as text by their scripts."""

from typing import Any

import gradio as gr

from playground.api import Playground
from playground.data.example import Example
from playground.errors import UserError
from playground.evaluation.comparison import Comparison
from playground.ui.compare import view
from playground.ui.compare.cache import Compared
from playground.ui.components.assets import script
from playground.ui.words import compare as words

KEY_CHARACTERS = 200
Json = dict[str, Any]


def arms_table(elem_id: str) -> gr.HTML:
    """Shows what view.table gives."""
    return _part({"rows": [], "pending": []}, "arms", elem_id)


def demonstration_list(elem_id: str) -> gr.HTML:
    """Shows `demonstrations_payload`."""
    return _part({"head": words.NO_DEMONSTRATIONS, "rows": []}, "demonstrations", elem_id)


def example_table(playground: Playground, compared: Compared, elem_id: str) -> gr.HTML:
    """Pages through the held-out examples of an `examples_payload` question."""

    def example_page(asked: object) -> Json:
        return page(playground, compared, asked)

    return gr.HTML(
        examples_payload("", "", 0),
        html_template=(
            '<div class="examples"><div class="examples-bar"></div>'
            '<div class="examples-rows" tabindex="0"></div>'
            '<div class="examples-turning"></div></div>'
        ),
        js_on_load=script("components/styles.js") + script("compare/examples.js"),
        server_functions=[example_page],
        apply_default_css=False,
        elem_id=elem_id,
    )


def examples_payload(question: str, rule: str, version: int) -> Json:
    """The value of an example table. `version`: arms that have answered, 0 for none."""
    return {
        "question": question,
        "rule": rule,
        "version": version,
        "filters": words.FILTERS,
        "words": words.TEXTS,
    }


def demonstrations_payload(examples: tuple[Example, ...], seed: int, nearest: int = 0) -> Json:
    """The value of a demonstration list. nearest: as in words.demonstrations."""
    rows = [{"texts": list(one.row.values()), "label": one.label} for one in examples]
    head = words.demonstrations(len(rows), seed, nearest) if rows else words.NO_DEMONSTRATIONS
    return {"head": head, "rows": rows}


def page(playground: Playground, compared: Compared, asked: object) -> Json:
    """The page of examples the browser asked for, everything it sent checked."""
    values = asked if isinstance(asked, dict) else {}
    key, rule = _text(values.get("question")), _text(values.get("rule"))
    try:
        comparison = compared.get(key, rule, playground.progress(key))
    except (UserError, ValueError) as error:
        return {"problem": str(error)}
    if comparison is None:
        return {"problem": words.STARTING}
    show = values.get("show")
    number = values.get("page")
    return view.examples(
        comparison,
        _pair(comparison, _text(values.get("a")), _text(values.get("b"))),
        show if show in words.FILTERS else "all",
        number if isinstance(number, int) and number > 0 else 0,
    )


def _pair(comparison: Comparison, a: str, b: str) -> tuple[str, str]:
    names = [arm.name for arm in comparison.arms]
    first, second = view.best_pair(comparison)
    return (a if a in names else first), (b if b in names else second)


def _part(value: Json, name: str, elem_id: str) -> gr.HTML:
    return gr.HTML(
        value,
        html_template=f'<div class="{name}"></div>',
        js_on_load=script("components/styles.js") + script(f"compare/{name}.js"),
        apply_default_css=False,
        elem_id=elem_id,
    )


def _text(value: object) -> str:
    return value[:KEY_CHARACTERS] if isinstance(value, str) else ""
