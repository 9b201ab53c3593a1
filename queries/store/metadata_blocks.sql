-- one row a block of metadata that the next checkpoint may write over
select block_id from pragma_metadata_info('console_file') where free_blocks > 0;
