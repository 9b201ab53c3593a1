-- no rows: adds to usage; one row of `uses` an action of a viewer
insert into base.usage by name select used_at, viewer, action, app, detail, seat, panel, seconds, case_ref, persons from uses;
