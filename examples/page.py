"""A page on which a person sees what an entry shows, in its own words. `marimo run examples/page.py`."""

import marimo

app = marimo.App(width="medium", app_title="What this entry shows")


@app.cell
def _():
    import marimo as mo

    from ruminate import Analyzer
    from ruminate.render import html

    analyzer = Analyzer()
    return analyzer, html, mo


@app.cell
def _(mo):
    entry = mo.ui.text_area(
        value="I keep going over what I said to her. It's all my fault. Maybe she was tired. Next time I'll ask before I explain.",
        label="An entry (it stays on this machine)",
        full_width=True,
        rows=8,
    )
    entry  # noqa: B018 - a cell shows its last expression
    return (entry,)


@app.cell
def _(analyzer, entry, html, mo):
    shown = html(analyzer.assess(entry.value), entry.value)
    mo.Html(shown)
    return (shown,)


if __name__ == "__main__":
    app.run()
