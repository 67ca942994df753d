"""Statistical process control for healthcare improvement, standard library only."""

from improvement.spc.rules import Signal as Signal
from improvement.spc.run_chart import RunChart as RunChart
from improvement.spc.run_chart import run_chart as run_chart
from improvement.spc.xmr import Phase as Phase
from improvement.spc.xmr import Recalculation as Recalculation
from improvement.spc.xmr import Verdict as Verdict
from improvement.spc.xmr import XmrChart as XmrChart
from improvement.spc.xmr import xmr as xmr
from improvement.spc.xmr import xmr_limits as xmr_limits
