"""How the project writes: a formula of the table as text, LaTeX and MathML, with names or numbers put in.

In the order in which they read one another: `labels` (a label's letters, subscripts and
Greek), `numbers` (rounded for people), `columns` (aligned text), `notation` (parentheses and
signs), `text`, `latex` and `mathml` (the three notations), `formulas` (one formula in any
notation), `gate_formulas` (those of a gate at a node), `symbols` (what stands in a node of a
picture).
"""
