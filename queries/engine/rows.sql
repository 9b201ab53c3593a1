-- one row a row of a fact in scope: its key, then the columns asked, sorted, a page of them
select {key}::varchar, {columns} from {facts} where {base} and {scope} order by {sort} limit $limit offset $offset;
