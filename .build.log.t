 1/28 ndcat:mount / mount_writing           OK               4.36s   29 subtests passed
 2/28 ndcat:mount / mount_writing_fio       OK               4.11s   5 subtests passed
 3/28 ndcat:mount / mount_writing_random    OK               2.87s   10 subtests passed
 4/28 ndcat:mount / mount_read_only         OK               0.58s   23 subtests passed
 5/28 ndcat:mount / mount_live              OK               5.08s   16 subtests passed
 6/28 ndcat:unit+threads / mount_options    OK               0.04s
 7/28 ndcat:unit+threads / mount_tables     OK               0.03s
 8/28 ndcat:mount / mount_fake_mount        OK               3.08s
 9/28 ndcat:unit+threads / fs/catalog       OK               0.29s
10/28 ndcat:unit+threads / fs/writing       OK               0.08s
11/28 ndcat:unit+threads / fs/page_baseline OK               0.02s
12/28 ndcat:unit+threads / fs/snapshot      OK               1.22s
13/28 ndcat:unit+threads / fs/panels        OK               2.40s
14/28 ndcat:unit+threads / fs/paging        OK               0.89s
15/28 ndcat:unit+threads / fs/concurrency   OK               4.96s
16/28 ndcat:unit+threads / fs/narrowest     OK               0.02s
17/28 ndcat:docs / docs-manual              OK               2.57s   21 subtests passed
18/28 ndcat:unit+threads / fs/file_probe    OK               4.50s
19/28 ndcat:docs / docs-readme              OK               2.04s   4 subtests passed
20/28 ndcat:docs / docs-scripts             OK               5.15s   38 subtests passed
21/28 ndcat:cli / cli-check                 OK               1.56s   11 subtests passed
22/28 ndcat:cli / cli-show                  OK               1.60s   9 subtests passed
23/28 ndcat:cli / cli-cat                   OK               2.55s   10 subtests passed
24/28 ndcat:docs / format                   OK              12.10s   432 subtests passed
25/28 ndcat:unit / command-words            OK               0.06s
26/28 ndcat:unit / writability              OK               0.03s
27/28 ndcat:cli / cli-words                 OK               2.62s   9 subtests passed
28/28 ndcat:property / writing_laws         OK               1.23s

Ok:                 28  
Expected Fail:      0   
Fail:               0   
Unexpected Pass:    0   
Skipped:            0   
Timeout:            0   

Full log written to /tmp/w/g/build/meson-logs/testlog.txt
finished
