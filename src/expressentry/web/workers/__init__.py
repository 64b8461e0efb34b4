"""Worker processes: what a visitor sends is read and computed in a process that can be ended.

    process     what runs in a worker: its memory is limited, and it ends when its parent does
    pool        the workers of an app and the queue before them
    handing     a request handed over to a worker, and its answer

The processes are those of `multiprocessing`, started by its fork server, which has read the modules before: a worker
is there in a fraction of a second and shares their memory. Nothing of a request stays in a worker after its answer,
and a worker writes no log.
"""
