-- one row a row of the audit that is asked for, the newest first
select sequence, done_at, viewer, uid, verified, seat, address, kind, action, app, panel, fact, fields, subjects, selection, counted,
    reason, words, case_ref, detail, previous, hash
from base.audit
where ($from_at is null or done_at >= $from_at) and ($to_at is null or done_at < $to_at)
    and ($viewer is null or viewer = $viewer) and ($kind is null or kind = $kind)
    and ($case_ref is null or case_ref = $case_ref) and ($subject is null or list_contains(subjects::json::varchar[], $subject))
order by sequence desc limit $limit;
