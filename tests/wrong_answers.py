"""Wrong answers to the exercises, as code in the notebook, and words of what the check says to them."""

from __future__ import annotations

UNUSABLE = "could not use it"


def two_layers(dZ1: str) -> str:
    """An answer with this for dZ1, of which the check looks at dW1 first."""
    dZ1 = dZ1.replace("dZ2", "(sigma(A1 @ w2 + b2) - Y)").replace("A1", "np.tanh(X @ W1.T + b1)")
    return f"lambda X, Y, W1, b1, w2, b2: (({dZ1}).T @ X / 9, b1, w2, b2)"


def rule(parameter: str, square_sum: str = "square_sum + gradient**2") -> str:
    """An update rule, with S for the sum that it returns."""
    parameter = parameter.replace("S", f"({square_sum})")
    arguments = "parameter, gradient, square_sum, step, learning_rate, epsilon"
    return f"lambda {arguments}: ({parameter}, {square_sum})"


WRONG_ANSWERS: dict[str, list[tuple[int, str, str]]] = {
    "01": [
        (1, "{'a': 5, 'b': 0, 'c': 2}", "a is used twice"),
        (1, "{'a': 2, 'b': 0, 'c': 2}", "a is used twice"),
        (1, "{'a': 7, 'b': 5, 'c': 2}", "the input that lost"),
        (1, "{'a': 7, 'b': 0}", "should have the keys a, b, c"),
        (2, "lambda x: x", "At x = -3 it gives -3"),
        (2, "lambda x: (x * x) ** 0.5", "It uses the gates"),
        (2, "lambda x: abs(x.data)", "should give a Value"),
        (2, "3", "a function of x"),
        (3, "lambda z: z * gates.sigmoid(z)", "the decorator @gate"),
        (
            3,
            'gate(symbol="swish", formula="z*sigmoid(z)", local=("sigmoid(z)",))'
            "(lambda z: (z * gates.sigmoid(z), (gates.sigmoid(z),)))",
            "The second term of the product rule",
        ),
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
        (3, "lambda w, x, y, rate: solution_3(w, x, y, 1.0)", "The learning rate is missing"),
    ],
    "03": [
        (1, "lambda g8, g12, w, x: (g12 - 1) * w * x", "slope of the hidden sigmoid"),
        (1, "lambda g8, g12, w, x: (1 - g12) * w * g8 * (1 - g8) * x", "sign"),
        (2, "3", "it is the slip"),
        (3, "[0.24, 2, -3, 5]", "divide by x1"),
        (2, "-0.26", "the gradient, not the factor"),
        (2, "0.57", "That factor is right"),
        (3, "[0.12, 2, -0.18, 0.3]", "not by x1"),
        (3, "[0.48, 2, -3, 5]", "divide, do not multiply"),
    ],
    "04": [
        (1, "[6, 4, 8]", "Paths multiply"),
        (2, "lambda root: [root]", "are missing"),
        (2, "lambda root: topological_order(root)[::-1]", "inputs come first"),
        (2, "lambda root: topological_order(root) * 2", "in the list twice"),
        (2, "lambda root: None", "returns nothing"),
        (3, "0", "without the second call"),
        (3, "16", "L1 counts too"),
        (1, "[4, 4, 8]", "paths double each time"),
        (1, "[8, 3, 8]", "four nodes"),
    ],
    "05": [
        (1, "Value", "no method relu"),
        (1, "type('Same', (Value,), {'relu': lambda self: self})", "relu(-2) is not right"),
        (1, "7", "should be a class"),
        (2, "Value", "a chain of 20,000 additions"),
        (1, "type('Bare', (), {'relu': lambda self: self})", "a class that extends Value"),
        (
            1,
            "type('NoComma', (Value,), {'relu': lambda self: "
            "Value(max(0.0, self.data), (self,), (1.0 if self.data > 0 else 0.0))})",
            "one alone needs a comma",
        ),
        (
            1,
            "type('NoLocal', (Value,), {'relu': lambda self: Value(max(0.0, self.data), (self,))})",
            "a local gradient for each input",
        ),
        (
            2,
            "type('Idle', (Value,), {'backward': lambda self: None})",
            "the gradient of the root is not set to 1",
        ),
        (
            2,
            "type('Higher', (Value,), {'backward': lambda self: "
            "(__import__('sys').setrecursionlimit(10**6), Value.backward(self))})",
            "use a list, and no recursion",
        ),
        (
            2,
            "type('Replaces', (Value,), {'backward': lambda self: "
            "[setattr(x, 'grad', local) for x, local in zip(self.inputs, self.local_grads)]})",
            "Look at the chain rule",
        ),
        (
            2,
            "type('Afresh', (Loop,), {'backward': lambda self: "
            "((lambda clear: clear(clear, self))(lambda clear, node: "
            "(setattr(node, 'grad', 0.0), [clear(clear, x) for x in node.inputs])), Loop.backward(self))})",
            "the gradients of leaves should add up",
        ),
        (3, "4", "one line alone must move"),
        (3, "3", "one line alone must move"),
        (3, "6", "Line 6 adds"),
        (3, "5", "from its end"),
    ],
    "06": [
        (1, "[78400, 5050, 510, 83960]", "The biases are missing"),
        (2, "[(7, 12), (3, 12), (32, 12), (32, 3)]", "rows and columns are exchanged"),
        (2, "[(12, 7), (3, 7), (32, 12), (32, 3)]", "W2 sees the 12 neurons"),
        (3, "Neuron", "it lists 4"),
        (1, "[2900, 5050, 510, 8460]", "28 × 28 inputs"),
        (
            3,
            "type('Sum', (solution_3,), {'__call__': lambda self, x: total([p(x) for p in self.pieces])})",
            "the sum of the pieces",
        ),
        (
            3,
            "type('Zero', (solution_3,), {'__call__': lambda self, x: Value(0.0)})",
            "does not give the largest",
        ),
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
        (1, "[(32, 3), (3, 7), (32, 5), (5, 7)]", "the thing without the d"),
        (3, "[[0.25, 0.25], [0.0266, 0.0266]]", "Look again at row 2 column 2"),
        (1, "[32, 3, 3, 5]", "(rows, columns) each"),
        (2, two_layers("np.outer(-dZ2, w2) * (1 - A1**2)"), "Look at the sign of dW1."),
        (2, two_layers("np.outer(dZ2, w2) * (1 - A1)"), "A1 is squared"),
        (2, two_layers("np.outer(dZ2, w2) * A1**2"), "1 minus that"),
        (2, two_layers("np.outer(dZ2, w2) * (1 - np.tanh(A1) ** 2)"), "do not take it again"),
        (2, two_layers("dZ2[:, None] * (1 - A1**2)"), "through the weights w2"),
        (2, two_layers("np.outer(dZ2, w2) * (1 - A1**2)").replace(" + b1", ""), "b1 is missing"),
        (2, two_layers("np.outer(dZ2, w2) * (1 - A1**2)").replace(" + b2", ""), "b2 is missing"),
        (2, "lambda *a: (solution_2(*a)[0].T, *solution_2(*a)[1:])", "dW1 is transposed"),
        (3, "[[0.5, 0.5], [0.0989, 0.2689]]", "The denominators are squared"),
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
        (2, "{'needed': 1.2130075659799042, 'wasted': 0.25}", "in nats"),
        (2, "{'needed': 1.75, 'wasted': 2}", "how much of it is waste"),
        (3, "{'w.r.t. Y': -2, 'w.r.t. Ŷ': 2}", "exchanged"),
        (3, "{'w.r.t. Y': -2, 'w.r.t. Ŷ': -2}", "differ in sign"),
    ],
    "11": [
        (1, "{'softmax': [0.2, 0.3, 0.5], 'sigmoid': 0.5}", "Two classes share"),
        (2, "0.00247", "inverse"),
        (3, "lambda z, y: -z.sigmoid().log()", "use softplus"),
        (3, "lambda z, y: y * softplus(-z)", "the second term is missing"),
        (3, "lambda z, y: y * softplus(z) + (1 - y) * softplus(-z)", "exchanged"),
        (1, "{'softmax': [0.2, 0.3, 0.5], 'sigmoid': 2.5}", "ratio/(1 + ratio)"),
        (2, "1 / sigmoid(-6.0)", "a factor 1 - p"),
    ],
    "12": [
        (1, "lambda X, Y, w, b: (X.T @ (X @ w + b - Y), (X @ w + b - Y).sum())", "the mean loss has 1/n"),
        (1, "lambda X, Y, w, b: (X.T @ (Y - X @ w - b) / 7, (Y - X @ w - b).mean())", "sign"),
        (1, "lambda X, Y, w, b: None", "two things"),
        (2, "[0.00196, 1536]", "Divide by n inside the root"),
        (2, "[0.000384, 1536]", "The root is missing"),
        (3, "lambda v, k: tuple(e - 1 for e in solution_3(v, k))", "counted from 1"),
        (3, "lambda v, k: solution_3(v, k)[::-1]", "exchanged"),
    ],
    "13": [
        (1, "lambda a, b: 2 / max(a, b)", "the limit beyond which"),
        (2, "(0.0, 0.0)", "plain descent"),
        (1, "lambda a, b: 1 / (a + b)", "Twice as long"),
        (1, "lambda a, b: 2 / (b - a)", "look at the signs"),
        (1, "lambda a, b: (a * b) ** -0.5", "not the geometric mean"),
        (1, "lambda a, b: (b - a) / (a + b)", "not the rate"),
        (1, "lambda a, b: 1 / b", "the steep direction alone"),
        (1, "lambda a, b: (a, b)", "The function should return one number, it returns 2 numbers"),
        (2, "(0.0, -1.8)", "PyTorch's V"),
        (2, "(2.2, 2.6)", "It climbs"),
        (2, "(1.9, 1.715)", "The gradient of w²"),
        (2, "(1.6, 0.92)", "the learning rate is missing"),
        (2, "(0.2, -0.16)", "The old V gets the weight β"),
        (2, "(0.4, 0.72)", "the two V"),
        (2, "(1.8, 1.6)", "is the first again"),
        (3, rule("parameter + learning_rate * gradient / (S + epsilon) ** 0.5"), "It climbs"),
        (3, rule("parameter - learning_rate * gradient / S**0.5", "gradient**2"), "never forgets"),
        (3, rule("parameter - learning_rate * gradient / S"), "The root is missing"),
        (3, rule("parameter - gradient / S**0.5"), "The learning rate is missing"),
        (
            3,
            rule("parameter - learning_rate * gradient / S**0.5", "square_sum + gradient"),
            "is squared before",
        ),
        (
            3,
            rule("parameter - learning_rate * gradient / S**0.5", "0.9 * square_sum + 0.1 * gradient**2"),
            "as RMSProp does",
        ),
        (
            3,
            rule("parameter - learning_rate * gradient / (square_sum + epsilon) ** 0.5"),
            "before you divide",
        ),
        (3, rule("-learning_rate * gradient / S**0.5"), "w moves from where it is"),
        (3, rule("parameter"), "w has not moved"),
        (3, rule("parameter - learning_rate * gradient * S**0.5"), "divided by the root"),
        (
            3,
            "lambda parameter, gradient, square_sum, step, learning_rate, epsilon: "
            "solution_3(parameter, gradient, square_sum, step, learning_rate, epsilon)[::-1]",
            "The new parameter is returned first",
        ),
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
        (
            1,
            "lambda train, new: [(x - np.mean(train + new)) / np.std(train + new) for x in new]",
            "must not take part",
        ),
        (3, "2", "Compare two hidden neurons"),
    ],
    "15": [
        (1, "[2368, 96]", "The biases are missing"),
        (2, "[math.log(2), 0.1]", "for two classes"),
        (3, "lambda X_train, y_train, X: [0] * len(X)", "no better than chance"),
        (3, "lambda X_train, y_train, X: 0", "one answer for each picture"),
        (1, "[2410, 3]", "feeds every hidden unit"),
        (2, "[math.log2(10), 0.1]", "in bits"),
    ],
    "16": [
        (1, "[5, 96, 96]", "The bias is missing"),
        (2, "4", "the direct part"),
        (1, "[6, 100, 96]", "The last window"),
        (2, "5.0", "h1 contains w"),
        (3, "lambda w, x: solution_3([r[::-1] for r in w[::-1]], x)", "turned over"),
    ],
    "17": [
        (1, "2.0", "its rate is smaller"),
        (2, "'<'", "as printed"),
        (3, "torch.relu", "Look again at the output number 2"),
        (1, "0.18", "1 - β, not β"),
        (2, "'=='", "keep their slope"),
        (3, "lambda z: torch.log1p(torch.exp(z))", "It overflows"),
    ],
    "18": [
        (1, "5", "x is an input"),
        (2, "lambda z: z if z < 1 else 1", "still looks at a number"),
        (2, "lambda z: autograd.minimum(z, 1.0)", "above only"),
        (3, "lambda e: 0.5 * e * e", "squared error everywhere"),
        (1, "3", "counts each gate once"),
        (3, "lambda e: abs(e) - 0.5", "absolute error everywhere"),
    ],
    "19": [
        (3, "[9, [2, 1]]", "adds up units and samples"),
        (1, "[1.0, 0.0202]", "add them"),
        (2, "[2, 12]", "A is not symmetric"),
        (1, "[1.002, 0.0291]", "in bits"),
        (2, "[10, 4]", "2Aw"),
        (3, "[1.5, [2, 1]]", "by the number of samples"),
        (4, "[2.4, 3.6]", "Exchanged"),
        (4, "[2.4, 2.4]", "Minus minus"),
        (5, "[100, 1]", "the variance"),
        (5, "[0.5, 0.05]", "one weight"),
    ],
    "20": [
        (1, "[10, 14528]", "one more question"),
        (1, "[12, 14528]", "Nobody asks for the first"),
        (1, "[11, 8384]", "four times the numbers"),
        (1, "[11, 16768]", "they only double"),
        (2, "{'o': 16, 'v1': 0.75, 's1': -1.5, 'q': -1.648}", "divide by the sum"),
        (2, "{'o': 4, 'v1': 3, 's1': -1.5, 'q': -1.648}", "is its weight"),
        (2, "{'o': 4, 'v1': 0.75, 's1': 1.5, 'q': -1.648}", "lowers the other weight"),
        (2, "{'o': 4, 'v1': 0.75, 's1': -1.5, 'q': -1.5}", "multiply by k1"),
        (3, "lambda q, k, v, count: attention(q, k, v)", "one head for everything"),
    ],
}
