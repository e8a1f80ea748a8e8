"""The sentences in English."""

SENTENCES = {
    # Sections of a walk, and what stands between its formulas.
    "Forward": "Forward",
    "Backward": "Backward",
    "Gradients": "Gradients",
    "Update": "Update",
    "With the new numbers": "With the new numbers",
    "given": "given: ",
    "learning rate": "the learning rate",
    "if": "if",
    "otherwise": "otherwise",
    "else": "else",
    "and": "and",
    "or": "or",
    "slot": "{ordinal} ",
    "part of sum": ", part {use} of {uses}",
    "so far": " so far",
    # What a gate does to the gradient.
    "distributor": "a gradient distributor",
    "switcher": "a gradient switcher",
    "router": "a gradient router",
    "distributes": "gradient distributor: hands its upstream gradient to {input} unchanged",
    "distributes the negative": (
        "gradient distributor: hands its upstream gradient to {input} with its sign turned"
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
    "infinities cancel": "{before} + {contribution} has no answer: here the gradient of {input} becomes NaN",
    "not finite": (
        "∂{root}/∂{input} is {number}: the gradients stop being finite at {name}, on the way back to {next}"
    ),
    "changed": "{name} was changed to {number} after the forward pass",
    "as it is now": "{name} is shown as it is now; its number in the forward pass is not known",
    "forgotten": (
        "changed after the forward pass: {inputs}; the numbers that {name} was computed from are not known"
    ),
    "compute again": (
        "these are the numbers of the forward pass; to see what comes of the new ones, compute {root} again"
    ),
    "part": (
        "{root} is a part of a larger graph: ∂{root}/∂… are computed for it here; .grad belongs to the "
        "Value that backward() was called on"
    ),
    "adds up": (
        "{name}.grad is {number}: it also holds what other backward passes, or other parts of a larger "
        "graph, added"
    ),
    "leaf": "{root} is a leaf: no gate made it, so there is nothing to step through",
    "no backward pass": "no gradients yet: call backward() on {root}, then walk it again",
}
