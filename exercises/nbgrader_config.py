# nbgrader's settings for this course. `course grade` copies this file into each marking folder, so that the formgrader
# and nbgrader's own commands mark there exactly as it does.
nbgrader = "nbgrader.preprocessors."
course = "coursekit.grade.preprocessors."

c = get_config()  # noqa: F821  nbgrader puts it here

c.CourseDirectory.course_id = "impact-in-practice"

c.ClearSolutions.code_stub = {"python": "# Your code here\nraise NotImplementedError"}

# MendCells in place of DeduplicateIds: nbgrader's leaves a mark that its own check refuses, and the batch stops.
c.Autograde.sanitize_preprocessors = [
    nbgrader + "ClearOutput",
    course + "MendCells",
    nbgrader + "OverwriteKernelspec",
    nbgrader + "OverwriteCells",
    nbgrader + "CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    nbgrader + "Execute",
    course + "IgnoreWarnings",
    nbgrader + "IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    nbgrader + "LimitOutput",
    nbgrader + "SaveAutoGrades",
    nbgrader + "AssignLatePenalties",
    nbgrader + "CheckCellMetadata",
]
c.GenerateFeedback.preprocessors = [
    nbgrader + "GetGrades",
    course + "CutTestOutput",
    nbgrader + "ClearHiddenTests",
    nbgrader + "ClearMarkScheme",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
c.GenerateFeedback.post_convert_hook = course + "keep_feedback_local"

c.Execute.timeout = 30  # seconds for each cell
c.Execute.shutdown_kernel = "immediate"  # a graceful goodbye costs more than the marking
c.Execute.extra_arguments = ["--log-level=ERROR"]
