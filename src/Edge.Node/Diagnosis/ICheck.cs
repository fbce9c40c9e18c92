namespace Edge.Node.Diagnosis;

/// <summary>One thing to look at. Changes nothing that a node would notice.</summary>
internal interface ICheck
{
    /// <summary>Looks. An error of the machine (<see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>) is the doctor's to report.</summary>
    IEnumerable<Finding> Look();
}
