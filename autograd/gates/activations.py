"""Activations: what a neuron does to its weighted sum z."""

from __future__ import annotations

import math

from autograd.declaration import Result, gate
from autograd.gates.functions import bell

__all__ = [
    "elu", "gelu", "gelu_tanh", "hardtanh", "leaky_relu", "log_sigmoid", "mish", "relu", "selu",
    "sigmoid", "silu", "softplus", "softsign", "tanh",
]  # fmt: skip

ROOT_2, ROOT_2_PI, ROOT_8_OVER_PI = math.sqrt(2.0), math.sqrt(2.0 * math.pi), math.sqrt(8.0 / math.pi)

# G. Klambauer et al., "Self-normalizing neural networks", 2017: λ, and λ·α.
SELU_SCALE, SELU_BELOW = 1.0507009873554805, 1.7580993408473766


@gate(
    symbol="σ", formula="sigmoid(z)", local=("sigmoid(z)*(1 - sigmoid(z))",), computed=("output*sigmoid(-z)",)
)
def sigmoid(z: float) -> Result:
    """sigmoid(z) = 1/(1 + e^-z), from e^-|z|, which cannot overflow on either side of 0."""
    e = math.exp(-abs(z))
    below, above = e / (1.0 + e), 1.0 / (1.0 + e)
    # σ(1-σ) as a product of both tails: 1 - σ itself would lose its digits far from 0.
    return (above if z >= 0.0 else below), (below * above,)


@gate(symbol="tanh", formula="tanh(z)", local=("1 - tanh(z)**2",), computed=("4*sigmoid(2*z)*sigmoid(-2*z)",))
def tanh(z: float) -> Result:
    """tanh(z) = 2σ(2z) - 1. Its slope is 4σ(1-σ) at 2z: 1 - tanh² loses its digits."""
    e = math.exp(-2.0 * abs(z))
    return math.tanh(z), (4.0 * e / ((1.0 + e) * (1.0 + e)),)


@gate(
    symbol="ReLU",
    formula="max(0, z)",
    local=("1 if z > 0 else 0",),
    role="router",
    convention="slope 0 at 0",
)
def relu(z: float) -> Result:
    """relu(z) = max(0, z): lets the gradient through where z > 0, and stops it elsewhere."""
    return (0.0, (0.0,)) if z <= 0.0 else (z, (1.0,))


@gate(
    symbol="leaky ReLU",
    formula="z if z >= 0 else alpha*z",
    local=("1 if z >= 0 else alpha",),
    convention="slope 1 at 0",
)
def leaky_relu(z: float, alpha: float = 0.01) -> Result:
    """leaky_relu(z, alpha=0.01) = z, and αz below 0."""
    return (alpha * z, (alpha,)) if z < 0.0 else (z, (1.0,))


@gate(
    symbol="ELU",
    formula="z if z > 0 else alpha*(exp(z) - 1)",
    local=("1 if z > 0 else alpha*exp(z)",),
    computed=("1 if z > 0 else alpha*exp(min(z, 0))",),
    convention="slope α at 0",
)
def elu(z: float, alpha: float = 1.0) -> Result:
    """elu(z, alpha=1.0) = z, and α(e^z - 1) at 0 and below."""
    return (alpha * math.expm1(z), (alpha * math.exp(z),)) if z <= 0.0 else (z, (1.0,))


@gate(symbol="softplus", formula="log(1 + exp(z))", local=("sigmoid(z)",))
def softplus(z: float) -> Result:
    """softplus(z) = log(1 + e^z), from e^-|z|, which cannot overflow on either side of 0."""
    e = math.exp(-abs(z))
    slope = (1.0 if z >= 0.0 else e) / (1.0 + e)
    return (z if z > 0.0 else 0.0) + math.log1p(e), (slope,)


@gate(symbol="log σ", formula="log(sigmoid(z))", local=("sigmoid(-z)",))
def log_sigmoid(z: float) -> Result:
    """log_sigmoid(z) = log σ(z) = -softplus(-z), from e^-|z|, which cannot overflow."""
    e = math.exp(-abs(z))
    slope = (1.0 if z <= 0.0 else e) / (1.0 + e)
    return (z if z < 0.0 else 0.0) - math.log1p(e), (slope,)


@gate(
    symbol="SiLU",
    formula="z*sigmoid(z)",
    local=("sigmoid(z)*(1 + z*(1 - sigmoid(z)))",),
    computed=("sigmoid(z)*(1 + z*sigmoid(-z))",),
)
def silu(z: float) -> Result:
    """silu(z) = z·σ(z), which is also called swish."""
    e = math.exp(-abs(z))
    below, above = e / (1.0 + e), 1.0 / (1.0 + e)
    s, rest = (above, below) if z >= 0.0 else (below, above)
    return z * s, (s * (1.0 + z * rest),)


@gate(
    symbol="GELU",
    formula="z*erfc(-z/sqrt(2))/2",
    local=("erfc(-z/sqrt(2))/2 + z*exp(-z**2/2)/sqrt(2*pi)",),
    computed=("erfc(-z/sqrt(2))/2 + z*exp(-clip(z, -40, 40)**2/2)/sqrt(2*pi)",),
)
def gelu(z: float) -> Result:
    """gelu(z) = z·Φ(z), where Φ is the normal distribution. Φ(z) = erfc(-z/√2)/2 keeps its digits below 0."""
    normal = 0.5 * math.erfc(-z / ROOT_2)
    return z * normal, (normal + z * (bell(z, 0.5) / ROOT_2_PI),)


# 1.59… is √(8/π), and 0.134145 is 3·0.044715.
_U = "1.5957691216057308*(z + 0.044715*z**3)"
_GELU_SLOPE = f"sigmoid({_U})*(1 + z*1.5957691216057308*(1 + 0.134145*z**2)*sigmoid(-{_U}))"


@gate(
    symbol="GELU (tanh)",
    formula=f"z*sigmoid({_U})",
    local=(_GELU_SLOPE,),
    computed=(_GELU_SLOPE.replace("z**", "clip(z, -100, 100)**"),),
)
def gelu_tanh(z: float) -> Result:
    """gelu_tanh(z), the older GELU, z/2·(1 + tanh(√(2/π)(z + 0.044715z³))) = z·σ(√(8/π)(z + 0.044715z³))."""
    if abs(z) > 100.0:
        return (z, (1.0,)) if z > 0.0 else (0.0 * z, (0.0,))
    u = ROOT_8_OVER_PI * (z + 0.044715 * z * z * z)
    e = math.exp(-abs(u))
    below, above = e / (1.0 + e), 1.0 / (1.0 + e)
    s, rest = (above, below) if u >= 0.0 else (below, above)
    return z * s, (s * (1.0 + z * (ROOT_8_OVER_PI * (1.0 + 0.134145 * z * z)) * rest),)


@gate(
    symbol="SELU",
    formula="1.0507009873554805*z if z > 0 else 1.7580993408473766*(exp(z) - 1)",
    local=("1.0507009873554805 if z > 0 else 1.7580993408473766*exp(z)",),
    computed=("1.0507009873554805 if z > 0 else 1.7580993408473766*exp(min(z, 0))",),
    convention="slope 1.7581 at 0",
)
def selu(z: float) -> Result:
    """selu(z) = λz above 0, λα(e^z - 1) at 0 and below, with the λ and α that keep mean 0 and variance 1."""
    if z > 0.0:
        return SELU_SCALE * z, (SELU_SCALE,)
    return SELU_BELOW * math.expm1(z), (SELU_BELOW * math.exp(z),)


@gate(
    symbol="Mish",
    formula="z*tanh(softplus(z))",
    local=("tanh(softplus(z)) + z*sigmoid(z)*(1 - tanh(softplus(z))**2)",),
    computed=("tanh(softplus(z)) + 4*z*sigmoid(z)*sigmoid(2*softplus(z))*sigmoid(-2*softplus(z))",),
)
def mish(z: float) -> Result:
    """mish(z) = z·tanh(softplus(z)), from e^-|z|, in which tanh(softplus(z)) is a quotient of polynomials."""
    e = math.exp(-abs(z))
    if z >= 0.0:
        below = 2.0 * e * e / (1.0 + 2.0 * e + 2.0 * e * e)  # 1 - tanh(softplus(z))
        t, s = (1.0 + 2.0 * e) / (1.0 + 2.0 * e + 2.0 * e * e), 1.0 / (1.0 + e)
    else:
        below = 2.0 / (e * e + 2.0 * e + 2.0)
        t, s = e * (e + 2.0) / (e * e + 2.0 * e + 2.0), e / (1.0 + e)
    return z * t, (t + z * s * below * (1.0 + t),)


@gate(
    symbol="hard tanh",
    formula="max(-1, min(z, 1))",
    local=("1 if -1 < z < 1 else 0",),
    role="router",
    convention="slope 0 at -1 and 1",
)
def hardtanh(z: float) -> Result:
    """hardtanh(z) = z, but no less than -1 and no more than 1."""
    if z >= 1.0:
        return 1.0, (0.0,)
    return (-1.0, (0.0,)) if z <= -1.0 else (z, (1.0,))


@gate(
    symbol="softsign",
    formula="z/(1 + abs(z))",
    local=("1/(1 + abs(z))**2",),
    computed=("1/(1 + abs(z))/(1 + abs(z))",),
)
def softsign(z: float) -> Result:
    """softsign(z) = z/(1 + |z|): like tanh, but slower to saturate."""
    inverse = 1.0 / (1.0 + abs(z))
    return z * inverse, (inverse * inverse,)
