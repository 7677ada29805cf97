"""The fold: what a record of events means, one event at a time, in whole numbers.

`fold` is the definition, `values` its codes and tuples, `windows` the dates of the open dose, `judging` what a dose counts
for, `status` the status of a day. This package hands on the names of all five.
"""

from cobalamin.therapy.fold.fold import *
from cobalamin.therapy.fold.status import *
