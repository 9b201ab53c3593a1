-- no rows: tells which touched keys aren't plain because something was held of them; a crime that moves on from what was held is
update touched set plain = false from base.contact c where plain and thing = 'contact' and c.contact = key;
update touched set plain = false from base.incident i where plain and thing = 'incident' and i.ref = key;
update touched set plain = false from base.event e where plain and e.fault >= '' and e.key = touched.key;
update touched set plain = (opened = 0 and from_at > greatest(c.recorded_at, c.allocated_at, c.outcome_at))
from base.crime c where thing = 'crime' and c.batch is null and c.crime = key;
