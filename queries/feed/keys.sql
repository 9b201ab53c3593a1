-- one row a contact, incident or crime that was touched, itself or by an assignment, as far as they are few
select thing, key from touched where thing in ('contact', 'incident', 'assignment', 'crime') limit $limit;
