"""When the network's accounts were made, how they act together in time, and how they last.

In: results/<study>/ingest/{accounts,posts,sightings}.parquet,
    results/<study>/affiliation/accounts.tsv, data/published/ and calibration/timing.tsv
Out: results/<study>/timing/: dates, daily, dispersion, largest_days; bursts, baselines,
    burst_shares, comparators; batches; hours, zones, shifts, holidays, clock; replacement, waves;
    survival, hazards, dormancy; context; calibration. exploratory/ holds bursts, hours and
    replacement by the full verdict, which dates of creation have entered.
"""

# Tables that the report shows.
TIMING_SHOWN = [
    *("dates", "bursts", "burst_shares", "batches"),
    *("hours", "zones", "shifts", "holidays"),
    *("replacement", "waves", "survival", "hazards", "dormancy"),
]
MAIN, FULL = "verdict_without_timing", "verdict"
TIMING = STUDY["timing"]
BURSTS = ["bursts", "baselines", "burst_shares", "comparators"]
HOURS = ["hours", "zones", "shifts", "holidays", "clock"]
REPLACEMENT = ["replacement", "waves"]
TIMING_TABLES = [
    *("dates", "daily", "dispersion", "largest_days"),
    *BURSTS,
    "batches",
    *HOURS,
    *REPLACEMENT,
    *("survival", "hazards", "dormancy", "context"),
    # By the full verdict, where that is another.
    *(f"exploratory/{table}" for table in [*BURSTS, *HOURS, *REPLACEMENT] if DETECTS),
]


rule timing_daily:
    """Which dates can be used, creations a day, and how uneven they are."""
    input:
        accounts="results/{study}/ingest/accounts.parquet",
        verdicts="results/{study}/affiliation/accounts.tsv",
    output:
        dates="results/{study}/timing/dates.tsv",
        daily="results/{study}/timing/daily.tsv",
        dispersion="results/{study}/timing/dispersion.tsv",
        largest_days="results/{study}/timing/largest_days.tsv",
    log:
        "logs/{study}/timing_daily.log",
    benchmark:
        "logs/{study}/benchmarks/timing_daily.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("timing_daily"),
        mask_share=TIMING["mask_share"],
        largest_days=TIMING["largest_days"],
    script:
        "../scripts/timing_daily.py"


RESAMPLING = {"draws": TIMING["resamples"], "seed": STUDY["seed"]}


rule timing_bursts:
    """Days that hold more creations than a baseline without bursts brings."""
    input:
        accounts="results/{study}/ingest/accounts.parquet",
        verdicts="results/{study}/affiliation/accounts.tsv",
    output:
        bursts="results/{study}/timing/bursts.tsv",
        baselines="results/{study}/timing/baselines.tsv",
        shares="results/{study}/timing/burst_shares.tsv",
        comparators="results/{study}/timing/comparators.tsv",
    log:
        "logs/{study}/timing_bursts.log",
    benchmark:
        "logs/{study}/benchmarks/timing_bursts.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("timing_bursts"),
        verdict=MAIN,
        draws=TIMING["draws"],
        seed=STUDY["seed"],
        resampling={"gap_minutes": TIMING["batch_minutes"]} | RESAMPLING,
    script:
        "../scripts/timing_bursts.py"


use rule timing_bursts as timing_bursts_exploratory with:
    output:
        bursts="results/{study}/timing/exploratory/bursts.tsv",
        baselines="results/{study}/timing/exploratory/baselines.tsv",
        shares="results/{study}/timing/exploratory/burst_shares.tsv",
        comparators="results/{study}/timing/exploratory/comparators.tsv",
    log:
        "logs/{study}/timing_bursts_exploratory.log",
    benchmark:
        "logs/{study}/benchmarks/timing_bursts_exploratory.tsv"
    params:
        code=code_digest("timing_bursts"),
        verdict=FULL,
        draws=TIMING["draws"],
        seed=STUDY["seed"],
        resampling={"gap_minutes": TIMING["batch_minutes"]} | RESAMPLING,


rule timing_batches:
    """Accounts that were made one shortly after the other."""
    input:
        accounts="results/{study}/ingest/accounts.parquet",
        verdicts="results/{study}/affiliation/accounts.tsv",
        bursts="results/{study}/timing/bursts.tsv",
    output:
        batches="results/{study}/timing/batches.tsv",
    log:
        "logs/{study}/timing_batches.log",
    benchmark:
        "logs/{study}/benchmarks/timing_batches.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("timing_batches"),
        draws=TIMING["draws"],
        seed=STUDY["seed"],
    script:
        "../scripts/timing_batches.py"


rule timing_hours:
    """Hours at which the network posts, and the clocks that go with them."""
    input:
        accounts="results/{study}/ingest/accounts.parquet",
        posts="results/{study}/ingest/posts.parquet",
        verdicts="results/{study}/affiliation/accounts.tsv",
    output:
        hours="results/{study}/timing/hours.tsv",
        zones="results/{study}/timing/zones.tsv",
        shifts="results/{study}/timing/shifts.tsv",
        holidays="results/{study}/timing/holidays.tsv",
        clock="results/{study}/timing/clock.tsv",
    log:
        "logs/{study}/timing_hours.log",
    benchmark:
        "logs/{study}/benchmarks/timing_hours.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("timing_hours"),
        verdict=MAIN,
        batch_minutes=TIMING["batch_minutes"],
        countries=TIMING["countries"],
        draws=TIMING["turns"],
        seed=STUDY["seed"],
    script:
        "../scripts/timing_hours.py"


use rule timing_hours as timing_hours_exploratory with:
    output:
        hours="results/{study}/timing/exploratory/hours.tsv",
        zones="results/{study}/timing/exploratory/zones.tsv",
        shifts="results/{study}/timing/exploratory/shifts.tsv",
        holidays="results/{study}/timing/exploratory/holidays.tsv",
        clock="results/{study}/timing/exploratory/clock.tsv",
    log:
        "logs/{study}/timing_hours_exploratory.log",
    benchmark:
        "logs/{study}/benchmarks/timing_hours_exploratory.tsv"
    params:
        code=code_digest("timing_hours"),
        verdict=FULL,
        batch_minutes=TIMING["batch_minutes"],
        countries=TIMING["countries"],
        draws=TIMING["turns"],
        seed=STUDY["seed"],


rule timing_replacement:
    """New accounts for each removed one."""
    input:
        accounts="results/{study}/ingest/accounts.parquet",
        posts="results/{study}/ingest/posts.parquet",
        verdicts="results/{study}/affiliation/accounts.tsv",
    output:
        replacement="results/{study}/timing/replacement.tsv",
        waves="results/{study}/timing/waves.tsv",
    log:
        "logs/{study}/timing_replacement.log",
    benchmark:
        "logs/{study}/benchmarks/timing_replacement.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("timing_replacement"),
        verdict=MAIN,
    script:
        "../scripts/timing_replacement.py"


use rule timing_replacement as timing_replacement_exploratory with:
    output:
        replacement="results/{study}/timing/exploratory/replacement.tsv",
        waves="results/{study}/timing/exploratory/waves.tsv",
    log:
        "logs/{study}/timing_replacement_exploratory.log",
    benchmark:
        "logs/{study}/benchmarks/timing_replacement_exploratory.tsv"
    params:
        code=code_digest("timing_replacement"),
        verdict=FULL,


rule timing_survival:
    """How long accounts last, and how long they lay still before they posted."""
    input:
        accounts="results/{study}/ingest/accounts.parquet",
        posts="results/{study}/ingest/posts.parquet",
        sightings="results/{study}/ingest/sightings.parquet",
        verdicts="results/{study}/affiliation/accounts.tsv",
    output:
        survival="results/{study}/timing/survival.tsv",
        hazards="results/{study}/timing/hazards.tsv",
        dormancy="results/{study}/timing/dormancy.tsv",
    log:
        "logs/{study}/timing_survival.log",
    benchmark:
        "logs/{study}/benchmarks/timing_survival.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("timing_survival"),
        batch_minutes=TIMING["batch_minutes"],
        drawing=RESAMPLING,
    script:
        "../scripts/timing_survival.py"


rule timing_context:
    """Published counts beside disclosed takedowns of the same quarters."""
    input:
        posts="results/{study}/ingest/posts.parquet",
        claims="data/published/claims.tsv",
        takedowns="data/published/takedowns.tsv",
    output:
        context="results/{study}/timing/context.tsv",
    log:
        "logs/{study}/timing_context.log",
    benchmark:
        "logs/{study}/benchmarks/timing_context.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("timing_context"),
    script:
        "../scripts/timing_context.py"


rule timing_calibration:
    """Error rates measured by `make calibrate`, and whether they hold here."""
    input:
        rates="calibration/timing.tsv",
    output:
        rates="results/{study}/timing/calibration.tsv",
    log:
        "logs/{study}/timing_calibration.log",
    benchmark:
        "logs/{study}/benchmarks/timing_calibration.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("timing_calibration"),
    script:
        "../scripts/timing_calibration.py"
