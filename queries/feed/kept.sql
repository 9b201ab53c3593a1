-- no rows: what comes of a kind is kept from a moment on, or from a later one where that is known
insert into base.kept values ($kind, $from_at) on conflict (kind) do update set from_at = greatest(from_at, excluded.from_at);
