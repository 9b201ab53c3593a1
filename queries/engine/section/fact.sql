-- no rows: makes the macro of the rows of a fact or detail that a section shows, under the name of all of them
create or replace macro memory.{section}.{name}(moment) as table select {columns} from console_file.main.{name}(moment){beside} where {rows};
