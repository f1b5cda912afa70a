"""The other process of the comparison: pm4py's own functions, in an environment of its own.

python diagnose_pm4py.py FILE COLUMNS OUT REPEATS. It imports nothing of Hilo. pm4py is given every advantage
that it has no say in: the columns named, only those read, and the format of the times told.
"""

import json
import sys
import warnings
from time import process_time

import pandas
import pm4py


def main():
    warnings.filterwarnings("ignore")
    file, columns, out, repeats = sys.argv[1:]
    columns, repeats = json.loads(columns), int(repeats)
    log = loaded(file, columns)
    after_loading = process_time()
    operations = {
        "follows": follows,
        "variants": pm4py.get_variants,
        "handovers": handovers,
        "rework": pm4py.get_rework_cases_per_activity,
        "durations": pm4py.get_all_case_durations,
    }
    results, seconds = {}, {}
    for name, operation in operations.items():
        if name == "handovers" and "area" not in columns:
            seconds[name], results[name] = 0.0, None
            continue
        seconds[name], results[name] = timed(operation, log, repeats)
    written = {
        "cases": int(log["case:concept:name"].nunique()),
        "events": len(log),
        "loading": after_loading,
        "operations": seconds,
        "results": results_in_json(results),
    }
    with open(out, "w", encoding="utf-8") as target:
        json.dump(written, target)


def loaded(file, columns):
    names = {
        "case": "case:concept:name",
        "activity": "concept:name",
        "time": "time:timestamp",
        "area": "org:group",
    }
    wanted = {column: names[role] for role, column in columns.items()}
    table = pandas.read_csv(file, usecols=list(wanted)).rename(columns=wanted)
    table["time:timestamp"] = pandas.to_datetime(table["time:timestamp"], format="ISO8601", utc=True)
    return pm4py.format_dataframe(
        table, case_id="case:concept:name", activity_key="concept:name", timestamp_key="time:timestamp"
    )


def follows(log):
    counts, _starts, _ends = pm4py.discover_dfg(log)
    times, _starts, _ends = pm4py.discover_performance_dfg(log)
    return counts, times


def handovers(log):
    return pm4py.discover_handover_of_work_network(log, beta=0, resource_key="org:group")


def timed(operation, log, repeats):
    best, result = float("inf"), None
    for _time in range(repeats):
        began = process_time()
        result = operation(log)
        best = min(best, process_time() - began)
    return best, result


def results_in_json(results):
    counts, times = results["follows"]
    found = {
        "follows": [[a, b, n, times[a, b]["mean"], times[a, b]["median"]] for (a, b), n in counts.items()],
        "variants": [[list(variant), int(n)] for variant, n in results["variants"].items()],
        "rework": {name: int(n) for name, n in results["rework"].items()},
        "durations": [float(seconds) for seconds in results["durations"]],
    }
    if results["handovers"] is not None:
        found["handovers"] = [[a, b, float(n)] for (a, b), n in results["handovers"].connections.items()]
    return found


if __name__ == "__main__":
    main()
