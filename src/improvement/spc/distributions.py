"""Probability distributions and intervals that the charts and capability need, standard library only.

Quantiles of whole-number distributions follow the usual definition: the smallest r with P(X <= r) >= p.
Probability masses use Loader's deviance form (C. Loader, "Fast and accurate computation of binomial
probabilities", 2000), so that they keep their accuracy for counts in the millions; the incomplete beta and
gamma functions use the continued fractions and series of Abramowitz and Stegun (26.5.8, 6.5.29, 6.5.31).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import NormalDist

from improvement.spc.series import finite, whole

_STANDARD_NORMAL = NormalDist()
_EPSILON = 2.0**-53
_TINY = 1e-300
_MOST_STEPS = 200_000


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval estimate; `low, high = interval` unpacks it.

    `confidence` is the share of such intervals that hold the true value (0.95 unless asked otherwise);
    `method` names the formula.
    """

    low: float
    high: float
    confidence: float
    method: str

    def __iter__(self) -> Iterator[float]:
        return iter((self.low, self.high))

    def to_dict(self) -> dict[str, object]:
        """Return the interval as plain JSON types."""
        return {"low": self.low, "high": self.high, "confidence": self.confidence, "method": self.method}


def confidence_level(confidence: float) -> float:
    """Return a confidence level. Raises ValueError unless it lies between 0 and 1."""
    value = finite(confidence, "The confidence")
    if not 0 < value < 1:
        raise ValueError(f"The confidence is {confidence!r}; it must lie between 0 and 1, such as 0.95.")
    return value


def normal_cdf(x: float, mean: float = 0.0, sd: float = 1.0) -> float:
    """Return P(X <= x) for a normal distribution. Raises ValueError unless sd > 0."""
    sd = _positive(sd, "The standard deviation")
    return 0.5 * math.erfc((finite(mean, "The mean") - finite(x, "x")) / sd / math.sqrt(2))


def normal_quantile(p: float, mean: float = 0.0, sd: float = 1.0) -> float:
    """Return x with P(X <= x) = p for a normal distribution; `p` strictly between 0 and 1."""
    sd = _positive(sd, "The standard deviation")
    return finite(mean, "The mean") + sd * _STANDARD_NORMAL.inv_cdf(_inner(p))


def binomial_pmf(r: int, n: int, p: float) -> float:
    """Return P(X = r) for `n` trials with probability `p` of success."""
    n, p = whole(n, "The number of trials", least=0), _probability(p, "The probability of success")
    r = whole(r, "The count", least=0)
    return 0.0 if r > n else _binomial_mass(r, n, p, 1 - p)


def binomial_cdf(r: int, n: int, p: float) -> float:
    """Return P(X <= r) for `n` trials with probability `p` of success; `r` may be -1 (probability 0)."""
    n, p = whole(n, "The number of trials", least=0), _probability(p, "The probability of success")
    r = whole(r, "The count", least=-1)
    return _binomial_cdf(r, n, p)


def binomial_quantile(q: float, n: int, p: float) -> int:
    """Return the smallest r with P(X <= r) >= q for `n` trials with probability `p` of success."""
    n, p = whole(n, "The number of trials", least=0), _probability(p, "The probability of success")
    return binomial_step(_inner(q), n, p)[0]


def poisson_pmf(r: int, mean: float) -> float:
    """Return P(X = r) for a Poisson distribution."""
    return _poisson_mass(whole(r, "The count", least=0), _not_negative(mean, "The mean"))


def poisson_cdf(r: int, mean: float) -> float:
    """Return P(X <= r) for a Poisson distribution; `r` may be -1 (probability 0)."""
    return _poisson_cdf(whole(r, "The count", least=-1), _not_negative(mean, "The mean"))


def poisson_quantile(q: float, mean: float) -> int:
    """Return the smallest r with P(X <= r) >= q for a Poisson distribution."""
    return poisson_step(_inner(q), _not_negative(mean, "The mean"))[0]


def binomial_step(q: float, n: int, p: float) -> tuple[int, float, float]:
    """Return (r, P(X <= r), P(X = r)) for the smallest r with P(X <= r) >= q. Arguments are not checked."""
    spread = math.sqrt(n * p * (1 - p))
    start = min(n, max(0, round(n * p + spread * _STANDARD_NORMAL.inv_cdf(q))))
    return _step(q, start, n, lambda r: _binomial_cdf(r, n, p), lambda r: _binomial_mass(r, n, p, 1 - p))


def poisson_step(q: float, mean: float) -> tuple[int, float, float]:
    """Return (r, P(X <= r), P(X = r)) for the smallest r with P(X <= r) >= q. Arguments are not checked."""
    start = max(0, round(mean + math.sqrt(mean) * _STANDARD_NORMAL.inv_cdf(q)))
    return _step(q, start, None, lambda r: _poisson_cdf(r, mean), lambda r: _poisson_mass(r, mean))


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b), for 0 <= x <= 1, a > 0 and b > 0."""
    x = _probability(x, "x")
    return _beta_tails(x, 1 - x, _positive(a, "a"), _positive(b, "b"))[0]


def beta_quantile(p: float, a: float, b: float) -> float:
    """Return x with I_x(a, b) = p, for 0 <= p <= 1, a > 0 and b > 0."""
    p, a, b = _probability(p, "p"), _positive(a, "a"), _positive(b, "b")
    if p in (0.0, 1.0):
        return p
    if p > 0.5 and a > b:  # near 1 the complement keeps more figures
        return 1.0 - _beta_solve(1.0 - p, b, a)
    return _beta_solve(p, a, b)


def gamma_cdf(x: float, shape: float, scale: float = 1.0) -> float:
    """Return P(X <= x) for a gamma distribution with mean shape times scale."""
    x, shape = finite(x, "x"), _positive(shape, "The shape")
    return _gamma_tails(shape, max(0.0, x) / _positive(scale, "The scale"))[0]


def gamma_quantile(p: float, shape: float, scale: float = 1.0) -> float:
    """Return x with P(X <= x) = p for a gamma distribution; 0 <= p < 1."""
    p, shape, scale = _probability(p, "p"), _positive(shape, "The shape"), _positive(scale, "The scale")
    if p == 1.0:
        raise ValueError("p is 1; a gamma or chi-square quantile needs p below 1.")
    return 0.0 if p == 0.0 else scale * _gamma_solve(p, shape)


def chi_square_cdf(x: float, df: float) -> float:
    """Return P(X <= x) for chi-square with `df` degrees of freedom (any positive number)."""
    return gamma_cdf(x, _positive(df, "The degrees of freedom") / 2, 2.0)


def chi_square_quantile(p: float, df: float) -> float:
    """Return x with P(X <= x) = p for chi-square with `df` degrees of freedom (above 0); 0 <= p < 1."""
    return gamma_quantile(p, _positive(df, "The degrees of freedom") / 2, 2.0)


def student_t_cdf(x: float, df: float) -> float:
    """Return P(T <= x) for Student's t with `df` degrees of freedom (any positive number)."""
    x, df = finite(x, "x"), _positive(df, "The degrees of freedom")
    lower = _t_lower_tail(-abs(x), df)
    return lower if x <= 0 else 1.0 - lower


def student_t_quantile(p: float, df: float) -> float:
    """Return x with P(T <= x) = p for Student's t; `p` strictly between 0 and 1."""
    p, df = _inner(p), _positive(df, "The degrees of freedom")
    if p == 0.5:
        return 0.0
    if p > 0.5:
        return -student_t_quantile(1.0 - p, df)
    # The tail probability is half of I_w(df/2, 1/2) at w = df/(df + t*t).
    w = beta_quantile(2.0 * p, df / 2, 0.5)
    if w < 0.9:
        return -math.sqrt(df * ((1.0 - w) / w))
    height = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(df * math.pi)
    return _root(
        lambda t: _t_lower_tail(t, df) - p,
        lambda t: height * (1 + t * t / df) ** (-(df + 1) / 2),
        -math.sqrt(df),
        0.0,
        _STANDARD_NORMAL.inv_cdf(p),
    )


def wilson_interval(successes: float, n: float, confidence: float = 0.95) -> Interval:
    """Return the Wilson score interval for a proportion, without continuity correction.

    `successes` out of `n`, both counts (`successes` may be fractional when only a published percentage is
    known). Raises ValueError unless 0 <= successes <= n, n > 0 and 0 < confidence < 1.
    Source: E. B. Wilson, JASA 1927; 22: 209-212.

    >>> low, high = wilson_interval(81, 263)      # Newcombe 1998
    >>> round(low, 4), round(high, 4)
    (0.2553, 0.3662)
    """
    x, n, z = _share(successes, n), float(n), _two_sided_z(confidence)
    p = x / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low = 0.0 if x == 0 else max(0.0, middle - half)
    high = 1.0 if x == n else min(1.0, middle + half)
    return Interval(low, high, confidence, "Wilson score")


def clopper_pearson_interval(successes: float, n: float, confidence: float = 0.95) -> Interval:
    """Return the exact (Clopper-Pearson, Biometrika 1934; 26: 404-413) interval for a proportion.

    Arguments and errors as for `wilson_interval`.
    """
    x, n, tail = _share(successes, n), float(n), (1 - confidence_level(confidence)) / 2
    low = 0.0 if x == 0 else beta_quantile(tail, x, n - x + 1)
    high = 1.0 if x == n else beta_quantile(1 - tail, x + 1, n - x)
    return Interval(low, high, confidence, "Clopper-Pearson exact")


def poisson_interval(count: float, exposure: float = 1.0, confidence: float = 0.95) -> Interval:
    """Return the exact interval for a rate: `count` events over `exposure`.

    Source: F. Garwood, Biometrika 1936; 28: 437-442.

    >>> low, high = poisson_interval(10)
    >>> round(low, 2), round(high, 2)
    (4.8, 18.39)
    """
    x, exposure = _not_negative(count, "The count"), _positive(exposure, "The exposure")
    tail = (1 - confidence_level(confidence)) / 2
    low = 0.0 if x == 0 else gamma_quantile(tail, x)
    return Interval(low / exposure, gamma_quantile(1 - tail, x + 1) / exposure, confidence, "exact Poisson")


def _two_sided_z(confidence: float) -> float:
    return -_STANDARD_NORMAL.inv_cdf((1 - confidence_level(confidence)) / 2)


def _share(successes: float, n: float) -> float:
    n, x = _positive(n, "The denominator"), _not_negative(successes, "The count")
    if x > n:
        raise ValueError(f"The count {successes!r} is larger than its denominator {n:g}; it cannot be.")
    return x


def _positive(value: float, name: str) -> float:
    number = finite(value, name)
    if number <= 0:
        raise ValueError(f"{name} is {value!r}; it must be above 0.")
    return number


def _not_negative(value: float, name: str) -> float:
    number = finite(value, name)
    if number < 0:
        raise ValueError(f"{name} is {value!r}; it must not be negative.")
    return number


def _probability(value: float, name: str) -> float:
    number = finite(value, name)
    if not 0 <= number <= 1:
        raise ValueError(f"{name} is {value!r}; it must lie between 0 and 1.")
    return number


def _inner(value: float) -> float:
    number = finite(value, "The probability")
    if not 0 < number < 1:
        raise ValueError(f"The probability is {value!r}; it must lie between 0 and 1, not at either end.")
    return number


def _stirling_error(n: float) -> float:
    """Return log(n!) minus Stirling's approximation to it."""
    if n < 16:
        return math.lgamma(n + 1) - (n + 0.5) * math.log(n) + n - 0.5 * math.log(2 * math.pi) if n else 0.0
    s = 1 / (n * n)
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - s / 1188) * s) * s) * s) / n


def _deviance(x: float, m: float) -> float:
    """Return x*log(x/m) + m - x without cancellation when x is near m."""
    if abs(x - m) < 0.1 * (x + m):
        v = (x - m) / (x + m)
        total, term, k = (x - m) * v, 2 * x * v, 1
        while True:
            term *= v * v
            following = total + term / (2 * k + 1)
            if following == total or k > 1000:
                return following
            total, k = following, k + 1
    return x * math.log(x / m) + m - x


def _binomial_mass(r: float, n: float, p: float, q: float) -> float:
    """Return the binomial mass with q = 1 - p; real `r` and `n` serve the incomplete beta function."""
    if p == 0 or q == 0:
        return 1.0 if r == n * p else 0.0
    if r == 0:
        return math.exp(n * (math.log1p(-p) if p < q else math.log(q)))
    if r == n:
        return math.exp(n * (math.log(p) if p < q else math.log1p(-q)))
    exponent = (
        _stirling_error(n)
        - _stirling_error(r)
        - _stirling_error(n - r)
        - _deviance(r, n * p)
        - _deviance(n - r, n * q)
    )
    return math.exp(exponent) * math.sqrt(n / (2 * math.pi * r * (n - r)))


def _poisson_mass(r: float, mean: float) -> float:
    if mean == 0:
        return 1.0 if r == 0 else 0.0
    if r == 0:
        return math.exp(-mean)
    return math.exp(-_stirling_error(r) - _deviance(r, mean)) / math.sqrt(2 * math.pi * r)


def _binomial_cdf(r: int, n: int, p: float) -> float:
    if r < 0:
        return 0.0
    if r >= n or p == 0:
        return 1.0
    if p == 1:
        return 0.0
    return _beta_tails(p, 1 - p, r + 1, n - r)[1]


def _poisson_cdf(r: int, mean: float) -> float:
    return 0.0 if r < 0 else 1.0 if mean == 0 else _gamma_tails(r + 1, mean)[1]


def _step(
    q: float, start: int, most: int | None, cdf: Callable[[int], float], mass: Callable[[int], float]
) -> tuple[int, float, float]:
    """Walk from a good guess to the smallest r with cdf(r) >= q."""
    r, total = start, cdf(start)
    while total < q and (most is None or r < most):
        r += 1
        total += mass(r)
    while r > 0 and total - (here := mass(r)) >= q:
        total -= here
        r -= 1
    return r, cdf(r), mass(r)


def _beta_tails(x: float, y: float, a: float, b: float) -> tuple[float, float]:
    """Return I_x(a, b) and its complement, with y = 1 - x given so that neither end loses figures."""
    if x <= 0:
        return 0.0, 1.0
    if y <= 0:
        return 1.0, 0.0
    if x > (a + 1) / (a + b + 2):
        upper, lower = _beta_tails(y, x, b, a)
        return lower, upper
    front = _binomial_mass(a, a + b, x, y) * b / (a + b)

    def terms() -> Iterator[float]:
        yield 1.0
        m = 0
        while True:
            yield -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            m += 1
            yield m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))

    value = min(1.0, front * _continued_fraction(terms(), lambda _: 1.0))
    return value, 1.0 - value


def _continued_fraction(numerators: Iterator[float], denominator: Callable[[int], float]) -> float:
    """Evaluate a1/(b1 + a2/(b2 + ...)) by the modified Lentz method."""
    value, c, d = _TINY, _TINY, 0.0
    for step, a in zip(range(1, _MOST_STEPS), numerators, strict=False):
        b = denominator(step)
        d = 1 / (b + a * d or _TINY)
        c = b + a / c or _TINY
        change = c * d
        value *= change
        if abs(change - 1) < 4 * _EPSILON:
            return value
    raise ArithmeticError("A distribution function did not converge: the numbers are too large for it.")


def _gamma_tails(a: float, x: float) -> tuple[float, float]:
    """Return the regularised lower and upper incomplete gamma functions."""
    if x <= 0:
        return 0.0, 1.0
    front = _poisson_mass(a, x)
    if x < a + 1:
        total = term = 1.0
        k = a
        while term > _EPSILON * total:
            k += 1
            term *= x / k
            total += term
        lower = min(1.0, front * total)
        return lower, 1.0 - lower

    def terms() -> Iterator[float]:
        yield 1.0
        m = 0
        while True:
            m += 1
            yield -m * (m - a)

    upper = min(1.0, front * a * _continued_fraction(terms(), lambda step: x - a + 2 * step - 1))
    return 1.0 - upper, upper


def _root(
    excess: Callable[[float], float], density: Callable[[float], float], low: float, high: float, start: float
) -> float:
    """Find where an increasing function crosses zero: Newton, halving the bracket when a step goes astray."""
    x = start if low < start < high else (low + high) / 2
    for _ in range(300):
        gap = excess(x)
        if gap == 0:
            return x
        low, high = (x, high) if gap < 0 else (low, x)
        slope = density(x)
        following = x - gap / slope if slope > 0 else low
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - x) <= 2 * _EPSILON * abs(x):
            return following
        x = following
    return x


def _beta_solve(p: float, a: float, b: float) -> float:
    # Near 0 the distribution follows a power law, which is the better start when the answer is small.
    log_beta = math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    power = math.exp(min(0.0, (math.log(p) + math.log(a) + log_beta) / a))
    start = power if power < 0.1 * a / (a + b) else a / (a + b)
    return _root(
        lambda x: _beta_tails(x, 1 - x, a, b)[0] - p,
        lambda x: math.exp((a - 1) * math.log(x) + (b - 1) * math.log1p(-x) - log_beta) if x < 1 else 0.0,
        0.0,
        1.0,
        start,
    )


def _gamma_solve(p: float, shape: float) -> float:
    # Wilson-Hilferty's cube, or the power law near 0 for small shapes.
    c = 1 / (9 * shape)
    start = shape * (1 - c + math.sqrt(c) * _STANDARD_NORMAL.inv_cdf(p)) ** 3
    if start < 0.1 * shape:
        start = math.exp((math.log(p) + math.lgamma(shape + 1)) / shape)
    high = max(shape, start, 1.0)
    while _gamma_tails(shape, high)[0] < p:
        high *= 2
    if p <= 0.5:
        return _root(
            lambda x: _gamma_tails(shape, x)[0] - p,
            lambda x: _poisson_mass(shape, x) * shape / x,
            0.0,
            high,
            start,
        )
    rest = 1 - p
    return _root(
        lambda x: rest - _gamma_tails(shape, x)[1],
        lambda x: _poisson_mass(shape, x) * shape / x,
        0.0,
        high,
        start,
    )


def _t_lower_tail(x: float, df: float) -> float:
    square = x * x
    if square > df:
        return 0.5 * _beta_tails(df / (df + square), square / (df + square), df / 2, 0.5)[0]
    return 0.5 * _beta_tails(square / (df + square), df / (df + square), 0.5, df / 2)[1]
