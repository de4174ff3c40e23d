 1/13 ndcat:mount / mount_appending        OK               9.42s   43 subtests passed
 2/13 ndcat:mount / mount_appending_random OK               8.92s   10 subtests passed
 3/13 ndcat:mount / mount_writing          OK               9.02s   29 subtests passed
 4/13 ndcat:mount / mount_writing_random   OK               3.44s   10 subtests passed
 5/13 ndcat:mount / mount_read_only        OK               1.20s   23 subtests passed
 6/13 ndcat:mount / mount_live             OK               7.87s   16 subtests passed
 7/13 ndcat:mount / mount_tree             OK              10.39s   13 subtests passed
 8/13 ndcat:mount / mount_access           OK               7.10s   15 subtests passed
 9/13 ndcat:mount / mount_fake_mount       OK               4.39s
10/13 ndcat:unit+threads / mount_tables    OK               0.24s
11/13 ndcat:cli / cli-check                OK               2.86s   11 subtests passed
▶ 12/13 - tests/docs/test_manual.py::test_the_other_tables_say_the_same_in_both FAIL          
12/13 ndcat:docs / docs-manual             FAIL             2.23s   20/21 subtests passed
>>> MALLOC_PERTURB_=39 /usr/bin/python3 /tmp/w/g/wt/build/../tests/support/run_pytest.py /tmp/w/g/wt/build/../tests/docs/test_manual.py
――――――――――――――――――――――――――――――――――――― ✀  ―――――――――――――――――――――――――――――――――――――
stderr:
......F..............                                                    [100%]
=================================== FAILURES ===================================
__________________ test_the_other_tables_say_the_same_in_both __________________

    def test_the_other_tables_say_the_same_in_both():
        sections = manual_sections()
        assert manual_entries(sections["OPTIONS"]) == help_entries(help_text(), "Options")
>       assert manual_entries(sections["MOUNT OPTIONS"]) == help_entries(help_text("mount"), "Mount options (-o)")
E       AssertionError: assert {'[a]sync, di...e mount', ...} == {'[a]sync, di...e mount', ...}
E         Omitting 28 identical items, use -vv to show
E         Right contains 1 more item:
E         {'passthrough': 'a file that is one source byte for byte, header included, is '
E                         'read from it by the kernel itself, as fast as the source. '
E                         'Nobody looks on then: when the source is cut short or grows '
E                         'while the file is open, its readers see that, without an '
E                         'error or a line in the log, as if they had opened the source. '...
E         
E         ...Full output truncated (3 lines hidden), use '-vv' to show

../tests/docs/test_manual.py:86: AssertionError
=========================== short test summary info ============================
FAILED ../tests/docs/test_manual.py::test_the_other_tables_say_the_same_in_both
1 failed, 20 passed in 1.51s
――――――――――――――――――――――――――――――――――――――――――――――――――――――――――――――――――――――――――――――

13/13 ndcat:docs / format                  OK              11.34s   440 subtests passed

Summary of Failures:

12/13 ndcat:docs / docs-manual             FAIL             2.23s   20/21 subtests passed

Ok:                 12  
Expected Fail:      0   
Fail:               1   
Unexpected Pass:    0   
Skipped:            0   
Timeout:            0   

Full log written to /tmp/w/g/wt/build/meson-logs/testlog.txt
finished
