-- no rows: Immediate incidents created from this moment on are announced
insert into base.announced values ($from_at);
