"""The sentences in English, but for those that are their own keys."""

CODE, NAME = "en", "English"
"""What the language is called by programs, and by itself."""

SENTENCES = {
    # Sections of a walk, and what stands between its formulas.
    "given": "given: ",
    "learning rate": "the learning rate",
    "slot": "{ordinal} ",
    "part of sum": ", part {use} of {uses}",
    "so far": " so far",
    # What a gate does to the gradient.
    "distributor": "a gradient distributor",
    "switcher": "a gradient switcher",
    "router": "a gradient router",
    "distributes": "gradient distributor: hands its upstream gradient to {input} unchanged",
    "distributes the negative": (
        "gradient distributor: hands its upstream gradient to {input} with its sign flipped"
    ),
    "distributes a multiple": "gradient distributor: hands its upstream gradient to {input} times {factor}",
    "switches": "gradient switcher: the local gradient for {input} is the other input, {others}",
    "routes": "gradient router: lets the gradient through to {input}",
    "stops": "gradient router: lets no gradient through to {input}",
    "slot in words": "the {ordinal} {input}",
    "both": "{first} and {second}",
    # What a reader should not miss.
    "tie": "{inputs} tie at {number}",
    "tie, by convention": "{inputs} tie at {number}: {convention}",
    "kink": "{input} = {number} is on the kink",
    "kink, by convention": "{input} = {number} is on the kink: {convention}",
    "dead": "the {gate} is dead at {input} = {number}: nothing passes",
    "loses": "{input} = {number} loses to {winner}: nothing reaches it",
    "zero": "the local gradient is 0, so nothing reaches {input}",
    "nothing arrives": "nothing arrives here, so nothing is handed on to {input}",
    "infinite": "the local gradient for {input} is {number}: here the gradients stop being finite",
    "zero times infinity": "{upstream} × 0 has no answer: here the gradient of {input} becomes NaN",
    "too large": "{upstream} × {local} is too large for a float",
    "infinities cancel": (
        "{before} + {contribution} has no answer: here the gradient of {input} becomes NaN"
    ),
    "not finite": (
        "∂{root}/∂{input} is {number}: the gradients stop being finite at {name}, on the way back to {next}"
    ),
    "changed": "{name} was changed to {number} after the forward pass",
    "as it is now": "{name} is shown as it is now; its number in the forward pass is not known",
    "forgotten": (
        "changed after the forward pass: {inputs}; the numbers that {name} was computed from are not known"
    ),
    "untrue": "the formula of {what} gives {found} here, and the gate {gate} gives {number}",
    "compute again": (
        "these are the numbers of the forward pass; to see what comes of the new ones, compute {root} again"
    ),
    "of another": (
        "these are the derivatives of {root}, computed here; .grad holds other numbers: backward() was "
        "perhaps last called on another Value"
    ),
    "another gradient": (
        "{name}.grad is {number} now, and this pass alone gives {alone}: something else was added to it, "
        "or it was set since"
    ),
    "leaf": "{root} is a leaf: no gate made it, so there is nothing to step through",
    "no backward pass": "no gradients yet: call backward() on {root}, then walk it again",
    # The page.
    "printed wrongly": "The lecture prints {printed} here: {because}",
    "phase start": "Start",
    "phase forward": "Forward",
    "phase backward": "Backward",
    "phase update": "Update",
    "phase again": "Forward again",
    "about the graph": (
        "The graph. Up and Down go through the values; Enter changes a leaf's number, or goes to a "
        "value's step."
    ),
    "legend": (
        "Legend: in a box the value and, after ∂, its gradient; on an edge the local gradient. A "
        "full line is a positive gradient, a hollow line a negative one, a dashed line none; the "
        "wider the stronger."
    ),
    "drag a number": "Drag or click a grey box to change its number.",
    "leaves": "given",
    "which learn": "A leaf marked ↓ is a parameter: it takes a step of gradient descent at the end.",
    "no parameters": (
        "No leaf is a parameter, so nothing is updated. Mark with ↓ at the start those that should learn."
    ),
    "fixed gate": (
        "{name}: the gate {gate} can be read neither as a function nor as formulas, so its numbers "
        "here are those from Python and stay fixed."
    ),
    "not defined": "{called} is not defined: it needs {domain}",
    "nothing to compute with": "An input has no number, so there is nothing to compute with.",
    "sum before": "so far",
    "get no gradient": "{count} of {all} parameters get no gradient",
    "rate": "learning rate",
    "parameters step": "{count} parameters{of} take a step downhill",
    "rule sgd": "gradient descent",
    "rule momentum": "momentum",
    "rule rmsprop": "RMSProp",
    "rule adam": "Adam",
    "upstream is wrong": "{name}.grad is {number} here and should be {right}",
    "local is wrong": "{number} takes the place of the local gradient, which is {right}",
    "is lost": "{number} is lost: a contribution from another use stood here",
    "was left over": "{number} was left in {name}.grad by the pass before",
    "mistake overwrite": "= instead of +=",
    "mistake no-zeroing": "Gradients not set to 0",
    "mistake wrong-order": "Gates in the wrong order",
    "mistake forgets-upstream": "The upstream gradient forgotten",
    "mistake forgets-local": "The local gradient forgotten",
    "lesson overwrite": (
        "A value that is used more than once gets a contribution from every use, and they add up. "
        "Written with =, each overwrites the one before, and only the last is left."
    ),
    "lesson no-zeroing": (
        "Leaves keep their gradients until somebody sets them to 0. A second pass adds to what the "
        "first one left: here every leaf ends with twice its gradient, and a step of descent is "
        "twice as long."
    ),
    "lesson wrong-order": (
        "A gate can hand its gradient back only when all of it has arrived, so the last gate comes "
        "first. Taken from first to last, each gate hands back an upstream gradient that is still 0."
    ),
    "lesson forgets-upstream": (
        "The chain rule multiplies: what arrives from above times the slope of this gate. With the "
        "slope alone, a gate deep in the graph hands back as if it were the last one."
    ),
    "lesson forgets-local": (
        "The chain rule multiplies: what arrives from above times the slope of this gate. Without "
        "the slope every gate hands on what it got, as if all of them were sums."
    ),
    "harmless overwrite": "nothing is overwritten that would have changed a sum",
    "harmless no-zeroing": "the gradient of every leaf stays the same when it is doubled, as 0 does",
    "harmless wrong-order": "what the gates before the last hand back, if there are any, changes no sum",
    "harmless forgets-upstream": "every upstream gradient is 1, or meets a slope of 0",
    "harmless forgets-local": "every local gradient is 1",
    "level sign": "the sign",
    "level formula": "which local gradient",
    "level number": "the number",
    "neither": "zero",
    "more digits": "The right direction; give more digits, so that it differs from the old number.",
    "summary": "{first} of {all} right at once, {revealed} revealed.",
    "slip turned": "The sign is flipped.",
    "slip forgets-upstream": (
        "That is the local gradient alone: it is multiplied by what arrives from above."
    ),
    "slip forgets-local": "That is the upstream gradient: it is multiplied by the local gradient.",
    "slip added": "Upstream and local are added here; the chain rule multiplies them.",
    "slip divided": "Divided instead of multiplied, or the local gradient was turned upside down.",
    "slip wrong-input": "That is what the other input gets.",
    "slip whole sum": "That is the sum of all uses so far; the question is what this use adds.",
    "slip overwrite": "That is one path only.",
    "slip no-zeroing": "That is twice as much as it should be.",
    "slip wrong-order": "That is what the wrong order gives.",
    "slip added for multiplied": "Added instead of multiplied.",
    "slip multiplied for added": "Multiplied instead of added.",
    "slip swapped": "That is another gate: look at the sign in the circle.",
    "slip inverse": "That is upside down.",
    "slip no gate": "That is the input: the gate does something to it.",
    "slip no step": "That is the old number: it takes a step.",
    "slip ascent": "That is a step uphill: the gradient is subtracted.",
    "slip slipped decimal": "A decimal place slipped.",
    "slip forgot rate": "The learning rate was forgotten.",
    "slip gradient alone": "That is the gradient; the new number is asked for.",
    "slip step alone": "That is the step; the new number is asked for.",
    "as a function of": "{root} as a function of {name}, with its slope here",
    "slope of the gate": "{output} as a function of {name}: slope {slope} here",
    "nudge": "Δ{name} = {dx} → Δ{root} = {dl}; the gradient promised {promised}",
    "numeric derivative": "by differences {number}, by the chain rule {gradient}",
    "before descent": "Each step moves every parameter downhill on {root}.",
    "descended": "{root}: {first} → {now} after step {steps}",
    "diverges": (
        "It diverges: {root} went from {first} to {now} in {steps} steps. A smaller η takes shorter steps."
    ),
    "too long": "Any η above about {eta} makes {root} larger in one step.",
    "never too long": "No η up to {eta} makes {root} larger in one step.",
    "loss curve": "{root} over {steps} steps; a click goes back to a step",
    "mistakes need a gate": "There is no gate, so nothing can go wrong.",
    "mistakes need it whole": "Mistakes need a view with everything open, which this page does not have.",
}

TITLES: dict[str, str] = {}
GATES: dict[str, str] = {}
"""Titles, and what the table of gates says, are English already."""

KEYS = {
    "← →": "one step back, forward; PageUp and PageDown likewise",
    "Home End": "first and last step",
    "Space": "play, pause",
    "+ - 0": "larger, smaller, the whole graph or readable",
    "p": "presenter mode",
    "f": "full screen",
    "b": "black screen",
    "Ctrl+Z Ctrl+Y": "undo and redo a change of numbers",
    "↑ ↓": "through the values, in the picture; in a field, a number up or down",
    "Enter": "change a leaf, or go to a value's step",
    "Esc": "close what is open",
}
"""What the keys of the page do."""

HELP = (
    (
        "Drag a grey box sideways, or click it and type: every number, every gradient and the result "
        "follow. What a number was stands above its box."
    ),
    "At an edge: ✕ nothing passes, = a tie, ∠ a kink.",
)
"""What else there is to know about the page."""
