"""The columns of the tables. A rival has a `name`, a `title` and

    serve(array, site)    a context manager that gives a Contender, or raises Cannot
"""

from bench.rivals.constant_file import ConstantFile
from bench.rivals.dask_array import DaskArray
from bench.rivals.h5py_virtual import H5pyVirtual
from bench.rivals.in_numpy import Concatenate, MapEachPart, Materialise
from bench.rivals.nbd_split import NbdSplit
from bench.rivals.ndcat_mount import NdcatMount
from bench.rivals.plain_file import PlainFile

NATIVE, LIMIT, NDCAT = PlainFile(), ConstantFile(), NdcatMount("ndcat", "ndcat")
RIVALS = [NATIVE, LIMIT, NDCAT, MapEachPart(), Concatenate(), Materialise(), H5pyVirtual(), DaskArray(), NbdSplit()]

# ndcat in other circumstances, for the cases that ask for it: where it has nothing to put together (a manifest that names
# the native file), and without pushing columns ahead.
NDCAT_PLAIN = NdcatMount("ndcat-plain", "ndcat, one plain file", manifest="plain")
NDCAT_UNPREDICTED = NdcatMount("ndcat-unpredicted", "ndcat without its predictor", options=("without=predictor",))

TITLES = {rival.name: rival.title for rival in [*RIVALS, NDCAT_PLAIN, NDCAT_UNPREDICTED]}
