-- no rows: adds to the duplicates counted of a source
update base.source set duplicates = duplicates + $duplicates where source = $source;
