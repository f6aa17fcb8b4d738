"""Random numbers that belong to a contact: the same for the same contact and purpose, in whatever order they are asked for.

A contact's identity is a hash of seed, replication, queue and number; each purpose hashes it again. So nothing depends on who
is on duty, and two floors that are compared have the same customers.

**Source:** Steele, Lea and Flood, Fast splittable pseudorandom number generators (2014), for the hash; Marsaglia and Tsang, A
simple method for generating gamma variables (2000).
"""

import math

import numpy as np

from scheduler.compiled import compiled_part

U = np.uint64
GOLDEN = U(0x9E3779B97F4A7C15)
GAP, WORK, ANGLE, PATIENCE, TRANSFER, REDIAL, REDIAL_GAP, ABSENT, BUSYNESS, HOP, AGAIN = (
    U(0x9E3779B97F4A7C15 * odd % 2**64) for odd in (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)
)
EXPONENTIAL, LOGNORMAL, DETERMINISTIC = range(3)


@compiled_part
def mixed(z: np.uint64) -> np.uint64:
    """A number each of whose bits depends on all bits of ``z``, one to one."""
    z = (z ^ (z >> U(30))) * U(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> U(27))) * U(0x94D049BB133111EB)
    return U(z ^ (z >> U(31)))


@compiled_part
def member(stream: np.uint64, number: int) -> np.uint64:
    """Identity of one of a stream's members, numbered from 0."""
    return mixed(stream + U(number + 1) * GOLDEN)


@compiled_part
def uniform(id: np.uint64, purpose: np.uint64) -> float:
    """The number in (0, 1] that ``id`` has for a purpose."""
    return (float(mixed(id + purpose) >> U(11)) + 1.0) * 2.0**-53


@compiled_part
def exponential(id: np.uint64, purpose: np.uint64) -> float:
    """The exponential number of mean 1 that ``id`` has for a purpose."""
    return -math.log(uniform(id, purpose))


@compiled_part
def normal(id: np.uint64) -> float:
    """The normal number of ``id`` (Box and Muller)."""
    return math.sqrt(2.0 * exponential(id, WORK)) * math.cos(2.0 * math.pi * uniform(id, ANGLE))


@compiled_part
def work_of(id: np.uint64, mean: float, service: int, sigma: float) -> float:
    """Work of a contact at usual speed; ``sigma`` is the standard deviation of a lognormal's logarithm."""
    if service == EXPONENTIAL:
        return mean * exponential(id, WORK)
    if service == LOGNORMAL:
        return mean * math.exp(sigma * (normal(id) - 0.5 * sigma))
    return mean


@compiled_part
def gamma(id: np.uint64, shape: float) -> float:
    """The gamma number of mean 1 of ``id``."""
    boost, d = 1.0, shape - 1.0 / 3.0
    if shape < 1.0:
        boost = uniform(id, BUSYNESS) ** (1.0 / shape)
        d += 1.0
    c = 1.0 / math.sqrt(9.0 * d)
    while True:
        id = mixed(id + BUSYNESS)
        x = normal(id)
        v = (1.0 + c * x) ** 3
        if v > 0.0 and math.log(uniform(id, GAP)) < 0.5 * x * x + d * (1.0 - v + math.log(v)):
            return boost * d * v / shape
