-- no rows: adds the rows of `taken` to the table of a fact in an extract
insert into "{fact}" select {columns} from taken;
