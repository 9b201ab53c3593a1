-- one row a thing of whose events retention has erased old ones: from when on they are still kept
select thing, before_at from base.horizon;
