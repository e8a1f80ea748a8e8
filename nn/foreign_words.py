"""Words of PyTorch and Keras, and our words for them: errors answer with these.

>>> import nn
>>> nn.CrossEntropyLoss
Traceback (most recent call last):
AttributeError: nn has no 'CrossEntropyLoss': take softmax_cross_entropy, which takes logits
"""

from __future__ import annotations

from typing import NoReturn

_LAYER = "an activation is an argument of a layer, activation={!r}"

IN_PACKAGE = {
    "BCELoss": "take binary_cross_entropy, or multi_label_cross_entropy for several labels",
    "BCEWithLogitsLoss": "take sigmoid_cross_entropy, which takes logits",
    "BatchNorm1d": "there is none; standardize(X) scales the inputs",
    "CrossEntropyLoss": "take softmax_cross_entropy, which takes logits",
    "Dense": "take Layer(n_in, n_out, activation)",
    "ELU": _LAYER.format("elu"),
    "HingeEmbeddingLoss": "take hinge",
    "HuberLoss": "take huber",
    "KLDivLoss": "take kl_divergence, which takes probabilities",
    "L1Loss": "take huber with a small c; to measure it, mean_absolute_error",
    "LayerNorm": "there is none; take rms_norm(x)",
    "LeakyReLU": _LAYER.format("leaky_relu"),
    "Linear": "take Layer(n_in, n_out), or MLP for several layers",
    "MSELoss": "take mean_squared_error, or squared_error with the lecture's ½",
    "ModuleList": "a plain list in an attribute does: its parameters are found",
    "MultiMarginLoss": "take multiclass_hinge",
    "MultiheadAttention": "take attention(query, keys, values), once for each head",
    "NLLLoss": "take negative_log_likelihood, which takes probabilities",
    "Parameter": "take autograd.Value: a leaf in an attribute is a parameter",
    "RMSprop": "take RMSProp",
    "RMSNorm": "take rms_norm(x), which has no gains",
    "ReLU": _LAYER.format("relu"),
    "Sequential": "take MLP, or a Module whose __call__ calls its layers one after the other",
    "Sigmoid": _LAYER.format("sigmoid"),
    "SmoothL1Loss": "take huber",
    "Softmax": _LAYER.format("softmax"),
    "Softplus": _LAYER.format("softplus"),
    "Tanh": _LAYER.format("tanh"),
    "binary_accuracy": "take accuracy with of='probabilities'; fit and evaluate tell it themselves",
    "functional": "activations and losses are functions of nn itself, nn.relu say",
    "init": "initialisers are functions of nn itself; a layer's is named by init='he_normal' say",
    "optim": "optimizers stand in nn itself, nn.SGD say",
}

OF_MODULE = {
    "apply": "go through model.parameters()",
    "bias": "a layer's biases are [neuron.b for neuron in layer.neurons]",
    "compile": "loss and optimizer are arguments of nn.fit(model, loss, X, y, optimizer=…)",
    "cuda": "there is one device: leave it out",
    "eval": "leave it out: Dropout and Noise rest inside no_grad, as in nn.predict and nn.evaluate",
    "evaluate": "call nn.evaluate(model, loss, X, y)",
    "fit": "call nn.fit(model, loss, X, y, optimizer=…, epochs=…)",
    "forward": "define __call__, and call model(x)",
    "predict": "call nn.predict(model, X)",
    "register_parameter": "set an attribute: a leaf Value in one is a parameter",
    "requires_grad_": "make the optimizer of the parameters to train alone",
    "summary": "print(model)",
    "to": "there is one device and one kind of number: leave it out",
    "train": "leave it out: Dropout and Noise act wherever a graph is recorded",
    "weight": "a layer's weights are [neuron.w for neuron in layer.neurons]",
}

OF_OPTIMIZER = {
    "alpha": "call it beta",
    "beta_1": "call it beta1",
    "beta_2": "call it beta2",
    "betas": "give beta1 and beta2",
    "clipnorm": "call it clip_norm",
    "dampening": "take Momentum(parameters, lr, beta=…), whose average has 1 - beta",
    "decay": "take a schedule as lr",
    "eps": "call it epsilon",
    "learning_rate": "call it lr",
    "maximize": "call backward() on the negative of what is to grow",
    "momentum": "take Momentum(parameters, lr, beta=…); PyTorch's SGD(lr=α·(1-β), momentum=β) "
    "is Momentum(lr=α, beta=β)",
    "nesterov": "write it as a rule of your own: see nn.update_rules",
    "params": "call it parameters",
    "rho": "call it beta",
    "weight_decay": "take AdamW(parameters, weight_decay=…), or l2_penalty as penalty in fit",
}


def refuse_word(owner: str, word: str, meant: dict[str, str], error: type[Exception]) -> NoReturn:
    """Raise an error for a name that does not exist, with the one that is meant if it is known."""
    raise error(f"{owner} has no {word!r}{f': {meant[word]}' if word in meant else ''}")
