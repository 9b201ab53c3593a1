-- one row: from when on units are touched
select min(from_at) from touched where thing = 'unit';
