# nbgrader's settings for learners: where they fetch and hand in.
c = get_config()  # noqa: F821  nbgrader puts it here

c.CourseDirectory.course_id = "impact-in-practice"
c.Exchange.root = "/srv/impact/exchange/nbgrader"
