// The micro-benchmarks, one function for each file of them. Each is called GROUP/ROW/COLUMN/WARMTH, as
// micro_table.py puts them into tables.
#pragma once

namespace ndcat::bench {

void add_gather();     // copy_block: what joins and cuts make
void add_transpose();  // copy_block: what sources of the other order make
void add_convert();    // convert_block
void add_layout();     // FileLayout
void add_request();    // read()

}  // namespace ndcat::bench
