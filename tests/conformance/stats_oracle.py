#!/usr/bin/python3
"""What scipy says of many random inputs, for the statistics of experiments to be compared with.

Prints one case per line: the name of the function, its inputs, "=", and what scipy answers. The seed is fixed. Exits with 77
where there is no scipy: neither installed, nor in build/scipy, where tools/fetch_scipy puts Debian's. (tools/setup does not
install it: Debian 12's python3-scipy comes with the headers of Boost 1.74, which cannot stand beside those of 1.81.)
"""

import os
import random
import sys
from pathlib import Path

FETCHED = Path(__file__).resolve().parents[2] / "build/scipy"

try:
    import numpy
    from scipy import stats
except ImportError as problem:
    if (FETCHED / ".complete").exists() and "HORNBEAM_FETCHED_SCIPY" not in os.environ:
        # The loader reads where libraries are when a program starts: so it starts again.
        libraries = next((FETCHED / "usr/lib").glob("*-linux-gnu*"))
        os.environ["HORNBEAM_FETCHED_SCIPY"] = "yes"
        os.environ["PYTHONPATH"] = str(FETCHED / "usr/lib/python3/dist-packages")
        os.environ["LD_LIBRARY_PATH"] = f"{libraries}:{libraries}/blas:{libraries}/lapack"
        os.execv(sys.executable, [sys.executable, *sys.argv])
    print(problem, file=sys.stderr)
    sys.exit(77)

CASES = 200
draw = random.Random(7)


def case(name, inputs, answers):
    print(name, *map(repr, map(float, inputs)), "=", *map(repr, map(float, answers)))


def tails():
    for _ in range(CASES):
        z = draw.uniform(-10, 35)
        case("normal", [z], [stats.norm.sf(z)])
        freedom = draw.choice([draw.uniform(0.5, 10), draw.uniform(10, 1e6)])
        t = draw.uniform(-10, 30)
        case("student", [t, freedom], [stats.t.sf(t, freedom)])
        tail = 10 ** draw.uniform(-12, -0.01)
        case("student_point", [tail, freedom], [stats.t.isf(tail, freedom)])
        case("normal_point", [tail], [stats.norm.isf(tail)])
        x = draw.uniform(0, 200)
        freedom = draw.randint(1, 40)
        case("chi_squared", [x, freedom], [stats.chi2.sf(x, freedom)])
        trials = draw.randint(1, 500)
        successes = draw.randint(0, trials)
        share = draw.uniform(0.01, 0.99)
        case("binomial", [successes, trials, share], [stats.binomtest(successes, trials, share).pvalue])


def welch():
    for _ in range(CASES):
        arms = [(draw.uniform(-5, 5), 10 ** draw.uniform(-2, 2), draw.randint(2, 5000)) for _ in range(2)]
        (mean_a, sd_a, n_a), (mean_b, sd_b, n_b) = arms
        for alternative in ("two-sided", "greater", "less"):
            test = stats.ttest_ind_from_stats(mean_b, sd_b, n_b, mean_a, sd_a, n_a, equal_var=False,
                                              alternative=alternative)
            case("welch_" + alternative, [*arms[0], *arms[1]], [test.statistic, test.pvalue])


def tables():
    for _ in range(CASES):
        rows, columns = draw.randint(2, 4), draw.randint(2, 4)
        table = numpy.array([[draw.randint(5, 400) for _ in range(columns)] for _ in range(rows)])
        found = stats.chi2_contingency(table, correction=False)
        case("table", [rows, columns, *table.flatten()], [found[0], found[1], found[2]])
        weights = [draw.uniform(0.5, 5) for _ in range(columns)]
        units = table[0]
        expected = units.sum() * numpy.array(weights) / sum(weights)
        case("ratio", [columns, *weights, *units], stats.chisquare(units, expected))


def uniform():
    for _ in range(CASES):
        numbers = [draw.random() for _ in range(draw.randint(200, 2000))]
        case("uniform", numbers, [stats.kstest(numbers, "uniform").pvalue])


def dunnett():
    """Known variance: the probability that none of some correlated normal numbers is beyond the bound."""
    for _ in range(40):
        arms = draw.randint(2, 4)
        shares = [draw.uniform(0.05, 0.9) for _ in range(arms)]
        bound = draw.uniform(0.5, 3)
        covariance = [[1 if i == j else (shares[i] * shares[j]) ** 0.5 for j in range(arms)] for i in range(arms)]
        inside = stats.multivariate_normal.cdf([bound] * arms, mean=[0] * arms, cov=covariance,
                                               lower_limit=[-bound] * arms, abseps=1e-7, releps=1e-7, maxpts=300_000)
        case("dunnett", [bound, *shares], [1 - inside])


def student_power():
    for _ in range(CASES // 4):
        units, shift = draw.uniform(3, 5000), draw.uniform(1, 4.5)
        size = shift / (units / 2) ** 0.5
        freedom = 2 * units - 2
        bound = stats.t.isf(0.025, freedom)
        power = stats.nct.sf(bound, freedom, shift) + stats.nct.cdf(-bound, freedom, shift)
        if 0.1 < power < 0.999:
            case("student_power", [size, power], [units])


for each in (tails, welch, tables, uniform, dunnett, student_power):
    each()
