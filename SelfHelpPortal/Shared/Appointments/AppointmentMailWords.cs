namespace SelfHelpPortal.Shared.Appointments;

/// <summary>Names what the mails about appointments and their calendar files share.</summary>
public sealed class AppointmentMailWords;
