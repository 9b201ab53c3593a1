-- no rows: the columns of a fact
from {fact}($now) limit 0;
