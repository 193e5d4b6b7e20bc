namespace SelfHelpPortal.Features.Staff.Import;

/// <summary>What the page of an uploaded list can do.</summary>
internal sealed class ImportPageActs(
    MapColumns map, CheckImport check, StartImport start, ContinueImport continues, StopImport stop, DiscardImport discard)
{
    public MapColumns Map => map;

    public CheckImport Check => check;

    public StartImport Start => start;

    public ContinueImport Continue => continues;

    public StopImport Stop => stop;

    public DiscardImport Discard => discard;
}
