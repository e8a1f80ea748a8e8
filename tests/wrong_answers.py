"""Wrong answers to the exercises, as code in the notebook, and words of what the check says to them."""

from __future__ import annotations

UNUSABLE = "could not use it"

WRONG_ANSWERS: dict[str, list[tuple[int, str, str]]] = {
    "01": [
        (1, "{'a': 5, 'b': 0, 'c': 2}", "a is used twice"),
        (1, "{'a': 2, 'b': 0, 'c': 2}", "a is used twice"),
        (1, "{'a': 7, 'b': 5, 'c': 2}", "the input that lost"),
        (1, "{'a': 7, 'b': 0}", "should have the keys a, b, c"),
        (1, "7", "should have the keys a, b, c"),
        (2, "lambda x: x", "At x = -3 it gives -3"),
        (2, "lambda x: (x * x) ** 0.5", "It uses the gates"),
        (2, "lambda x: abs(x.data)", "should give a Value"),
        (2, "3", "a function of x"),
        (3, "lambda z: z * gates.sigmoid(z)", "the decorator @gate"),
    ],
    "02": [
        (1, "[-0.2689, 0.2689, 0.5379]", "for y = 1"),
        (1, "[0.2689, -0.2689, -0.5379]", "for y = 0 the error is p"),
        (1, "[0.7311, 0.7311, 0.7311]", "multiply by the input"),
        (1, "[0.7311, -0.7311]", "should have 3 numbers"),
        (2, "1", "the prediction becomes"),
        (2, "'large'", "A number is needed"),
        (3, "lambda w, x, y, rate: w", "The numbers differ"),
        (
            3,
            "lambda w, x, y, rate: [a - rate * (y - sigmoid(w[0] + w[1] * x[0] + w[2] * x[1])) * b "
            "for a, b in zip(w, [1.0, *x])]",
            "against the gradient",
        ),
        (3, "lambda w, x: w", UNUSABLE),
        (3, "[1, 2, 3]", "should be a function"),
    ],
    "03": [
        (1, "lambda g8, g12, w, x: (g12 - 1) * w * x", "slope of the hidden sigmoid"),
        (1, "lambda g8, g12, w, x: (1 - g12) * w * g8 * (1 - g8) * x", "sign"),
        (1, "lambda g8: g8", UNUSABLE),
        (2, "3", "it is the slip"),
        (3, "[0.24, 2, -3, 5]", "divide by x1"),
    ],
    "04": [
        (1, "[6, 4, 8]", "Paths multiply"),
        (2, "lambda root: [root]", "are missing"),
        (2, "lambda root: topological_order(root)[::-1]", "inputs come first"),
        (2, "lambda root: topological_order(root) * 2", "in the list twice"),
        (2, "lambda root: None", "returns nothing"),
        (3, "0", "without the second call"),
        (3, "16", "L1 counts too"),
    ],
    "05": [
        (1, "Value", "no method relu"),
        (1, "type('Same', (Value,), {'relu': lambda self: self})", "relu(-2) is not right"),
        (1, "7", "should be a class"),
        (2, "Value", "a chain of 20,000 additions"),
        (3, "4", "what has line 2 done"),
    ],
    "06": [
        (1, "[78400, 5050, 510, 83960]", "The biases are missing"),
        (2, "[(7, 12), (3, 12), (32, 12), (32, 3)]", "rows and columns are exchanged"),
        (2, "[(12, 7), (3, 7), (32, 12), (32, 3)]", "W2 sees the 12 neurons"),
        (2, "12", UNUSABLE),
        (3, "Neuron", "it lists 4"),
    ],
    "07": [
        (1, "[[4, 4, 0.25], [2, 1, -0.125]]", "yours is the transpose"),
        (1, "[[4, 2], [4, 1], [0.25, 0.125]]", "look at the sign"),
        (1, "[4, 2, 4, 1, 0.25, -0.125]", "should have 3 rows of 2"),
        (2, "lambda y: y * (1 - y)", "a Jacobian is K × K"),
        (2, "lambda y: np.diag(y * (1 - y))", "a logit moves the other classes too"),
        (3, "lambda suspects: suspects[0]", "is honest"),
        (3, "lambda suspects: 'elu'", "the gate itself"),
    ],
    "08": [
        (1, "[(32, 3), (5, 3), (32, 5), (5, 7)]", "rows and columns are exchanged"),
        (
            2,
            "lambda X, Y, W1, b1, w2, b2: "
            "(np.outer(sigma(np.tanh(X @ W1.T + b1) @ w2 + b2) - Y, w2).T @ X / 9, b1, w2, b2)",
            "The slope of tanh",
        ),
        (2, "lambda *a: None", "four things"),
        (3, "[[0.25, 0.25], [0.1966, 0.0266]]", "the printed one comes first"),
    ],
    "09": [
        (1, "lambda z: 2 * gates.sigmoid(2 * z) * (1 - gates.sigmoid(2 * z))", "One of the two factors"),
        (1, "lambda z: 4 * gates.sigmoid(z) * (1 - gates.sigmoid(z))", "it is needed at 2z"),
        (2, "0", "still gets through"),
        (2, "-5", "a larger bias"),
        (3, "lambda W1, b1, W2, b2: (W1 @ W2, b2)", "which matrix acts first"),
        (3, "lambda W1, b1, W2, b2: (W2 @ W1, b2)", "b1 goes through W2"),
    ],
    "10": [
        (1, "lambda e, c: min(c, e)", "errors below -c"),
        (1, "lambda e, c: e", "the squared error"),
        (1, "max", "The numbers differ"),
        (2, "{'needed': 1.2130075659799042, 'wasted': 0.25}", "in nats"),
        (2, "{'needed': 1.75, 'wasted': 2}", "how much of it is waste"),
        (2, "(1.75, 0.25)", "should have the keys needed, wasted"),
        (3, "{'w.r.t. Y': -2, 'w.r.t. Ŷ': 2}", "exchanged"),
    ],
    "11": [
        (1, "{'softmax': [0.2, 0.3, 0.5], 'sigmoid': 0.5}", "Two classes share"),
        (2, "0.00247", "inverse"),
        (3, "lambda z, y: -z.sigmoid().log()", "use softplus"),
        (3, "lambda z, y: y * softplus(-z)", "the second term is missing"),
        (3, "lambda z, y: y * softplus(z) + (1 - y) * softplus(-z)", "exchanged"),
    ],
    "12": [
        (1, "lambda X, Y, w, b: (X.T @ (X @ w + b - Y), (X @ w + b - Y).sum())", "the mean loss has 1/n"),
        (1, "lambda X, Y, w, b: (X.T @ (Y - X @ w - b) / 7, (Y - X @ w - b).mean())", "sign"),
        (1, "lambda X, Y, w, b: None", "two things"),
        (2, "[0.00196, 1536]", "Divide by n inside the root"),
        (3, "lambda losses, k: (losses.index(min(losses)) + 1, len(losses))", "The numbers differ"),
    ],
    "13": [
        (1, "lambda a, b: 2 / max(a, b)", "the limit beyond which"),
        (2, "(0.0, 0.0)", "plain descent"),
        (2, "1.8", "should have 2 numbers"),
        (3, "lambda p, g, s, step, learning_rate, epsilon: (p, s)", UNUSABLE),
    ],
    "14": [
        (1, "lambda train, new: [(x - np.mean(new)) / np.std(new) for x in new]", "come from `new`"),
        (
            1,
            "lambda train, new: [(x - np.mean(train)) / np.std(train, ddof=1) for x in new]",
            "not by n - 1",
        ),
        (2, "lambda rng, n_in, n_out: rng.uniform(-n_in ** -0.5, n_in ** -0.5)", "a²/3"),
        (2, "lambda rng, n_in, n_out: rng.uniform(0, 1)", "both signs"),
        (3, "8", "how many of them are different"),
    ],
    "15": [
        (1, "[2368, 96]", "The biases are missing"),
        (2, "[math.log(2), 0.1]", "for two classes"),
        (3, "lambda X_train, y_train, X: [0] * len(X)", "no better than chance"),
        (3, "lambda X_train, y_train, X: 0", "one answer for each picture"),
    ],
    "16": [
        (1, "[5, 96, 96]", "The bias is missing"),
        (2, "4", "the direct part"),
        (3, "lambda w, x: [[0]]", "should have 2 rows of 2"),
    ],
    "17": [
        (1, "2.0", "its rate is smaller"),
        (2, "'<'", "as printed"),
        (3, "torch.relu", "not right yet"),
    ],
    "18": [
        (1, "5", "x is an input"),
        (2, "lambda z: z if z < 1 else 1", "still looks at a number"),
        (2, "lambda z: autograd.minimum(z, 1.0)", "above only"),
        (3, "lambda e: 0.5 * e * e", "squared error everywhere"),
    ],
    "19": [
        (3, "[9, [2, 1]]", "adds up units and samples"),
        (1, "[1.0, 0.0202]", "add them"),
        (2, "[2, 12]", "A is not symmetric"),
    ],
}
