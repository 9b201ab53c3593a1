-- one row a plan of a statement, which is tried so without being run
explain {statement}
