"""What ordinary documents say; written for this, about nobody."""

PARAGRAPHS = (
    "The working group met on Tuesday and went through the last figures.",
    "Die Arbeitsgruppe hat am Dienstag getagt und die Zahlen des Quartals besprochen.",
    "Le comité a examiné les chiffres du dernier trimestre.",
    "El grupo de trabajo revisó las cifras del último trimestre y el calendario.",
    "Рабочая группа рассмотрела показатели последнего квартала и план на год.",
    "工作组审议了上一季度的数字和全年计划。",
    "Next steps: the paper goes to the committee, comments are due by 14 April.",
)

ORDINARY = (
    (
        "Minutes of the board meeting",
        (
            "Present: the chair, the treasurer and five members. Apologies: two.",
            "1. The minutes of the last meeting were agreed. 2. The budget was shown.",
            "3. The embassy asked for a reply by Friday; the minister will be briefed.",
            "The meeting closed at 11:40. Date of the next meeting: 12 May 2026.",
        ),
    ),
    (
        "Budget 2026",
        (
            "Salaries 1,240,000; travel 88,500; buildings 310,000; training 45,200.",
            "Each department keeps 2 % in reserve. Payroll is checked every month.",
        ),
    ),
    (
        "Employment contract",
        (
            "Between the employer and the employee the following is agreed.",
            "The salary is paid at the end of each month. Notice is three months.",
        ),
    ),
    (
        "Letter to a patient",
        (
            "Dear Ms Example, thank you for your visit. Your results are normal.",
            "Please take one tablet in the morning. Kind regards, the practice.",
        ),
    ),
    (
        "Negotiation brief",
        (
            "Our delegation will propose a text on fisheries and on sanctions relief.",
            "Red lines: no change to the treaty. Fall-back: a review after two years.",
        ),
    ),
    (
        "Invoice 4711",
        (
            "10 chairs at 89.00 EUR; delivery 25.00 EUR; total with tax 1,088.85 EUR.",
            "Payable within 30 days to IBAN DE02 1203 0000 0000 2020 51.",
        ),
    ),
    (
        "Curriculum vitae",
        (
            "Jane Example, born 1984. Languages: English, French, some Arabic.",
            "2009 to 2015 analyst at a research institute; since then at a ministry.",
        ),
    ),
    (
        "Tender for office furniture",
        (
            "Offers have to arrive by noon on 3 June. Weight of the price: 60 %.",
            "Questions are answered in writing and published for all bidders.",
        ),
    ),
)
