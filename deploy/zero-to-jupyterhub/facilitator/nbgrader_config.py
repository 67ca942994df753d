# nbgrader's settings for a facilitator's server: the formgrader opens the folder that `course grade` makes in the home.
c = get_config()  # noqa: F821  nbgrader puts it here

c.CourseDirectory.root = "/home/jovyan/marking"
