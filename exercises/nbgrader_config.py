# nbgrader's settings for this course. `course grade` copies this file into each marking folder, so that the formgrader
# and nbgrader's own commands mark there exactly as it does.
nbgrader = "nbgrader.preprocessors."
course = "coursekit.grade.preprocessors."
rows = "coursekit.grade.rows."

c = get_config()  # noqa: F821  nbgrader puts it here

c.CourseDirectory.course_id = "impact-in-practice"

c.ClearSolutions.code_stub = {"python": "# Your code here\nraise NotImplementedError"}

# MendCells in place of DeduplicateIds: nbgrader's leaves a mark that its own check refuses, and the batch stops.
# MendCells also gives every marked cell the metadata of the release, which was checked when it was made. So the two
# CheckCellMetadata steps are left out here and below: they could find nothing, and are the slowest of all.
c.Autograde.sanitize_preprocessors = [
    nbgrader + "ClearOutput",
    course + "MendCells",
    nbgrader + "OverwriteKernelspec",
    rows + "OverwriteCellsTogether",
]
c.Autograde.autograde_preprocessors = [
    course + "ExecuteSealed",
    course + "IgnoreWarnings",
    nbgrader + "IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    nbgrader + "LimitOutput",
    rows + "SaveAutoGradesTogether",
    nbgrader + "AssignLatePenalties",
    course + "KeepFindings",
    course + "HarmlessPages",
]
c.GenerateFeedback.preprocessors = [
    rows + "GetGradesTogether",
    course + "ShowOnlyTheirs",
    nbgrader + "ClearHiddenTests",
    nbgrader + "ClearMarkScheme",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
c.GenerateFeedback.exporter_class = "coursekit.grade.exporter.FeedbackExporter"
c.GenerateFeedback.post_convert_hook = course + "guard_feedback"

# What one notebook may use; see coursekit.grade.preprocessors for the rest.
c.ExecuteSealed.timeout = 30  # seconds for each cell
c.ExecuteSealed.lifetime = 180  # seconds for the whole notebook
