-- no rows: adds a row to the audit
insert into base.audit by name
select $sequence as sequence, $done_at as done_at, $viewer as viewer, $uid as uid, $verified as verified, $seat as seat, $address as address,
    $kind as kind, $action as action, $app as app, $panel as panel, $fact as fact, $fields as fields, $subjects as subjects,
    $selection as selection, $counted as counted, $reason as reason, $words as words, $case_ref as case_ref, $detail as detail,
    $previous as previous, $hash as hash;
