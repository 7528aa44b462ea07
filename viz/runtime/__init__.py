"""The only place of the pages that runs the model: what is remembered, what is queued, how much.

    trace = runtime.run(model, text)              # the page waits; remembered by its bytes
    runtime.begin(runtime.scanning(model, None))  # the page goes on meanwhile
    runtime.job(spec)                             # how far it is

Either is a job (`jobs`): a page waits for what is quick as a rule (`computing`), and looks now and
then at what never is (`specs`). What turns out to be long gives way to pages that are being drawn
and takes turns with all other long work (`turns`). All of it keeps to one table of bounds
(`limits`). What the sessions share is one object (`server`).
"""

from .again import again, compared_again
from .asking import begin, job, start, stop, wait
from .carrying import carried, receive
from .computing import Stopped, resume
from .corpora import Corpus, corpus, corpus_name, keep_corpus, needs_file
from .edits import maker, means, measuring_means
from .files import open_trace, opened_again
from .heads import sentence_atlas, shipped_atlas, shipped_findings, shipped_pruning
from .jobs import Job
from .limits import Limits, OverLimit, check_text
from .models import get, is_yours, longest_learned, names, projection, vocabulary
from .server import Server, alive, limits, page, server, session_id, settle
from .session import own_models
from .sources import examples, keep, kept, may_read, name_of, source_of, unnamed
from .specs import (
    JobSpec,
    Where,
    Written,
    breaking,
    damaging,
    explaining,
    measuring,
    patching,
    pruning,
    scanning,
    steering,
)
from .traces import (
    DOING,
    GREEDY,
    RUNS,
    Speed,
    links,
    logit_lens,
    opening,
    path,
    run,
    search,
    shares,
    source_share,
    teacher_force,
    timed,
    walk,
    write,
)
from .training import (
    VISITOR,
    heads_over_training,
    recognise,
    recorded,
    recording,
    training_history,
    training_seat,
)
from .turns import Turns
from .wake import wake

__all__ = [
    "DOING",
    "GREEDY",
    "RUNS",
    "VISITOR",
    "Corpus",
    "Job",
    "JobSpec",
    "Limits",
    "OverLimit",
    "Server",
    "Speed",
    "Stopped",
    "Turns",
    "Where",
    "Written",
    "again",
    "alive",
    "begin",
    "breaking",
    "carried",
    "check_text",
    "compared_again",
    "corpus",
    "corpus_name",
    "damaging",
    "examples",
    "explaining",
    "get",
    "heads_over_training",
    "is_yours",
    "job",
    "keep",
    "keep_corpus",
    "kept",
    "limits",
    "links",
    "logit_lens",
    "longest_learned",
    "maker",
    "may_read",
    "means",
    "measuring",
    "measuring_means",
    "name_of",
    "names",
    "needs_file",
    "open_trace",
    "opened_again",
    "opening",
    "own_models",
    "page",
    "patching",
    "path",
    "projection",
    "pruning",
    "receive",
    "recognise",
    "recorded",
    "recording",
    "resume",
    "run",
    "scanning",
    "search",
    "sentence_atlas",
    "server",
    "session_id",
    "settle",
    "shares",
    "shipped_atlas",
    "shipped_findings",
    "shipped_pruning",
    "source_of",
    "source_share",
    "start",
    "steering",
    "stop",
    "teacher_force",
    "timed",
    "training_history",
    "training_seat",
    "unnamed",
    "vocabulary",
    "wait",
    "wake",
    "walk",
    "write",
]
