-- at most five rows, one a file whose position makes no sense: its path, what is said
select path, format('{} lines in {} bytes, fingerprint {}', lines, bytes, fingerprint) from held.base.position
where bytes < 0 or lines < 0 or lines > bytes or not regexp_full_match(fingerprint, '[0-9]+:[0-9a-f]{64}')
    or try_cast(split_part(fingerprint, ':', 1) as bigint) > bytes
order by path limit 5;
