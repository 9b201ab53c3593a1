-- one row a row of the audit, in order; of two with one sequence the one that stands first in the file
select sequence, done_at, viewer, uid, verified, seat, address, kind, action, app, panel, fact, fields, subjects, selection, counted,
    reason, words, case_ref, detail, previous, hash
from base.audit order by sequence, rowid;
