-- no rows: adds to usage; one row of `uses` an action of a viewer
insert into base.usage select used_at, viewer, action, app, detail from uses;
