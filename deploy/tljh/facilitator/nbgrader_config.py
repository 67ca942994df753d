# nbgrader's settings for the course's account. How marking goes stands in the course folder's own nbgrader_config.py.
c = get_config()  # noqa: F821  nbgrader puts it here

c.CourseDirectory.course_id = "impact-in-practice"
c.Exchange.root = "/srv/impact/exchange/nbgrader"
c.ExchangeFactory.collect = "coursekit.exchange.CollectOwnWork"
